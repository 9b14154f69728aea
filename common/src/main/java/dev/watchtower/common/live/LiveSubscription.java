package dev.watchtower.common.live;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.LongFunction;
import tools.jackson.databind.json.JsonMapper;

/**
 * One subscription of one session. Messages wait here until the session has written them; when
 * {@link #MAX_WAITING} of them or {@link #MAX_WAITING_BYTES} bytes wait, or all subscriptions
 * together have too many, the session is slow, and only the newest of each destination is kept, or
 * of each thing that its messages are about: the subscriber sees by the numbers that it missed
 * some. Safe for use by several threads.
 */
public final class LiveSubscription {
  static final int MAX_WAITING = 512;
  static final int MAX_WAITING_BYTES = 1 << 20;

  /** With more, who can put several messages into one had better do so. */
  private static final int BEHIND = 8;

  private static final byte[] RESET = "{\"reset\":true}".getBytes(StandardCharsets.UTF_8);

  /**
   * Where messages go.
   *
   * @param bytes counts what waits, here and elsewhere
   * @param firstSeq the number of the first message, and of the first one that is for this
   *     subscription alone; of a later subscription it has to be higher
   * @param wake called when there is something to write
   */
  record Outlet(JsonMapper json, WaitingBytes bytes, long firstSeq, Runnable wake) {}

  private record Waiting(Object about, byte[] frame) {}

  private final String id;
  private final String destination;
  private final String subscriber;
  private final String match;
  private final Outlet outlet;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private volatile Runnable caughtUp = () -> {};
  private long waitingBytes;
  private long ownSeq;
  private long messages;
  private boolean closed;

  /**
   * A subscription.
   *
   * @param match the header of that name; empty for none
   */
  LiveSubscription(String id, String destination, String subscriber, String match, Outlet outlet) {
    this.id = id;
    this.destination = destination;
    this.subscriber = subscriber;
    this.match = match;
    this.outlet = outlet;
    this.ownSeq = outlet.firstSeq() - 1;
    this.messages = outlet.firstSeq() - 1;
  }

  /** The destination as subscribed to. */
  public String destination() {
    return destination;
  }

  /** The subject of whoever subscribed: one user or token, over all its connections. */
  public String subscriber() {
    return subscriber;
  }

  /** The header {@code match} of the SUBSCRIBE frame; empty if it had none. */
  public String match() {
    return match;
  }

  /**
   * Sends a message to this subscription alone, numbered by the subscription itself.
   *
   * @param messageOfSeq makes the message, given its number
   */
  public synchronized void send(LongFunction<?> messageOfSeq) {
    ownSeq++;
    offer(destination, outlet.json().writeValueAsBytes(messageOfSeq.apply(ownSeq)));
  }

  /** Tells the subscriber that what it missed is not kept. */
  synchronized void reset() {
    offer(destination, RESET);
  }

  /**
   * Whether the subscriber is slow, so that something waits: messages to it had better wait with
   * the sender and be made one when it {@linkplain #whenCaughtUp has caught up}, than be dropped
   * here.
   */
  public synchronized boolean isBehind() {
    return waiting.size() >= BEHIND || (!waiting.isEmpty() && outlet.bytes().isFull());
  }

  /**
   * Calls {@code then} each time everything that waited is written; on the thread that wrote, which
   * holds no lock.
   */
  public void whenCaughtUp(Runnable then) {
    caughtUp = then;
  }

  /** Whether the destination ends in {@code *} and so stands for all that begin like it. */
  boolean isPattern() {
    return destination.endsWith("*");
  }

  boolean listensTo(String name) {
    return isPattern()
        ? name.regionMatches(0, destination, 0, destination.length() - 1)
        : name.equals(destination);
  }

  String id() {
    return id;
  }

  void offer(String name, byte[] payload) {
    offer(name, name, payload);
  }

  /**
   * A message.
   *
   * @param about of what is about the same, the newest is kept where not all can be
   */
  synchronized void offer(String name, Object about, byte[] payload) {
    if (closed) {
      return;
    }
    var frame = frame(name, payload);
    if (waiting.size() >= MAX_WAITING || (!waiting.isEmpty() && isTooMuch(frame.length))) {
      conflate(frame.length);
    }
    if (outlet.bytes().leavesOut(!waiting.isEmpty())) {
      return;
    }
    waiting.addLast(new Waiting(about, frame));
    count(frame.length);
    outlet.wake().run();
  }

  private boolean isTooMuch(int more) {
    return waitingBytes + more > MAX_WAITING_BYTES || outlet.bytes().isFull();
  }

  private void count(long bytes) {
    waitingBytes += bytes;
    outlet.bytes().add(bytes);
  }

  /**
   * Takes what waits, in order, up to about so many bytes, one message at least. They go on being
   * counted until whoever takes them has written them.
   */
  synchronized List<byte[]> drain(int most) {
    List<byte[]> frames = new ArrayList<>(waiting.size());
    long taken = 0;
    while (!waiting.isEmpty() && taken < most) {
      var frame = waiting.removeFirst().frame();
      taken += frame.length;
      frames.add(frame);
    }
    waitingBytes -= taken;
    return frames;
  }

  /** Whether something waits. */
  synchronized boolean hasMore() {
    return !waiting.isEmpty();
  }

  /** What was taken is written. */
  void written() {
    if (!hasMore()) {
      caughtUp.run();
    }
  }

  /**
   * It is over: nothing waits any more, and nothing is taken.
   *
   * @return whether it was not over before
   */
  synchronized boolean close() {
    boolean was = !closed;
    closed = true;
    waiting.clear();
    count(-waitingBytes);
    return was;
  }

  private void conflate(int more) {
    var newest = new LinkedHashMap<Object, Waiting>();
    for (var one : waiting) {
      newest.remove(one.about());
      newest.put(one.about(), one);
    }
    count(-waitingBytes);
    waiting.clear();
    // Where even that is too much, the newest half of it.
    long room = MAX_WAITING_BYTES / 2L - more;
    for (var one : newest.sequencedValues().reversed()) {
      room -= one.frame().length;
      if (waiting.size() >= MAX_WAITING / 2 || room < 0) {
        break;
      }
      waiting.addFirst(one);
      count(one.frame().length);
    }
  }

  /**
   * A MESSAGE frame of STOMP 1.2. What numbers it is not the number of the payload: those are of a
   * destination, of which a pattern has many.
   */
  private byte[] frame(String name, byte[] payload) {
    messages++;
    var head =
        ("MESSAGE\nsubscription:"
                + StompText.escaped(id)
                + "\nmessage-id:"
                + StompText.escaped(id)
                + "-"
                + messages
                + "\ndestination:"
                + StompText.escaped(name)
                + "\ncontent-type:application/json\ncontent-length:"
                + payload.length
                + "\n\n")
            .getBytes(StandardCharsets.UTF_8);
    var frame = new byte[head.length + payload.length + 1];
    System.arraycopy(head, 0, frame, 0, head.length);
    System.arraycopy(payload, 0, frame, head.length, payload.length);
    return frame;
  }
}

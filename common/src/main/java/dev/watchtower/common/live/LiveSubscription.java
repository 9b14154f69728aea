package dev.watchtower.common.live;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One subscription of one session. Messages wait here until the session has written them; when
 * {@link #MAX_WAITING} of them wait, the session is slow, and only the newest of each destination
 * is kept: the subscriber sees by the numbers that it missed some. Safe for use by several threads.
 */
public final class LiveSubscription {
  static final int MAX_WAITING = 512;

  private record Waiting(String destination, byte[] frame) {}

  private final String id;
  private final String destination;
  private final String subscriber;
  private final Map<String, String> headers;
  private final JsonMapper json;
  private final Runnable wake;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long ownSeq;

  LiveSubscription(
      String id,
      String destination,
      String subscriber,
      Map<String, String> headers,
      JsonMapper json,
      Runnable wake) {
    this.id = id;
    this.destination = destination;
    this.subscriber = subscriber;
    this.headers = Map.copyOf(headers);
    this.json = json;
    this.wake = wake;
  }

  /** The destination as subscribed to. */
  public String destination() {
    return destination;
  }

  /** The subject of whoever subscribed: one user or token, over all its connections. */
  public String subscriber() {
    return subscriber;
  }

  /** A header of the SUBSCRIBE frame. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /**
   * Sends a message to this subscription alone, numbered by the subscription itself.
   *
   * @param messageOfSeq makes the message, given its number
   */
  public synchronized void send(LongFunction<?> messageOfSeq) {
    ownSeq++;
    offer(destination, ownSeq, json.writeValueAsBytes(messageOfSeq.apply(ownSeq)));
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

  synchronized void offer(String name, long seq, byte[] payload) {
    if (waiting.size() >= MAX_WAITING) {
      conflate();
    }
    waiting.addLast(new Waiting(name, frame(name, seq, payload)));
    wake.run();
  }

  /** Takes all that waits, in order. */
  synchronized List<byte[]> drain() {
    List<byte[]> frames = new ArrayList<>(waiting.size());
    waiting.forEach(w -> frames.add(w.frame()));
    waiting.clear();
    return frames;
  }

  private void conflate() {
    var newest = new java.util.LinkedHashMap<String, Waiting>();
    for (var one : waiting) {
      newest.remove(one.destination());
      newest.put(one.destination(), one);
    }
    waiting.clear();
    newest.values().stream()
        .skip(Math.max(0, newest.size() - MAX_WAITING / 2))
        .forEach(waiting::addLast);
  }

  /** A MESSAGE frame of STOMP 1.2. */
  private byte[] frame(String name, long seq, byte[] payload) {
    var head =
        ("MESSAGE\nsubscription:"
                + StompText.escaped(id)
                + "\nmessage-id:"
                + StompText.escaped(id)
                + "-"
                + seq
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

package dev.watchtower.common.live;

import dev.watchtower.common.live.LiveAuthenticator.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.simp.stomp.BufferingStompDecoder;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * A live connection: its subscriptions and its writer. At most one thread writes at a time; it
 * takes what waits at the subscriptions, so that a slow connection holds up nobody but itself.
 */
final class LiveSession {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSession.class);
  private static final int MAX_CONTROL = 1_000;
  static final int MAX_CONTROL_BYTES = 64 * 1024;

  /** Messages of the WebSocket that one frame may come in: clients send 8 KiB and more in each. */
  private static final int MAX_PIECES = 64;

  /** A connection that was written to within this time waits so long for more to go with it. */
  private static final long COALESCE_NANOS = 20_000_000;

  /** Frames go together up to so many bytes: clients take 8 KiB without being told to take more. */
  private static final int COALESCED_BYTES = 7_000;

  /** What is taken for one round of writing, in bytes. */
  private static final int ROUND_BYTES = 128 * 1024;

  /** How long a connection may take to say who it is, and be silent before it is asked. */
  record Patience(long connectMillis, long silentMillis) {}

  private final WebSocketSession socket;
  private final Executor writers;
  private final WaitingBytes bytes;
  private final BufferingStompDecoder decoder;
  private final ArrayDeque<byte[]> control = new ArrayDeque<>();
  private final Map<String, LiveSubscription> subscriptions = new LinkedHashMap<>();
  private @Nullable Principal principal;
  private int controlBytes;
  private int pieces;
  private boolean writing;
  private boolean wanted;
  private boolean closing;
  private boolean pinging;
  private final Patience patience;
  private final long openedNanos;
  private volatile long lastInNanos;
  private volatile long lastOutNanos;
  private volatile HeartBeats beats = new HeartBeats(0, 0);
  private volatile boolean escapes;

  /**
   * @param bytes those of this connection; gets back what was taken from the subscriptions and is
   *     written
   */
  LiveSession(
      WebSocketSession socket,
      Executor writers,
      WaitingBytes bytes,
      int frameLimit,
      Patience patience,
      long nanos) {
    this.socket = socket;
    this.bytes = bytes;
    this.writers = writers;
    this.patience = patience;
    this.decoder = new BufferingStompDecoder(new StompDecoder(), frameLimit);
    this.openedNanos = nanos;
    this.lastInNanos = nanos;
    this.lastOutNanos = nanos;
  }

  /** What waits at its subscriptions. */
  WaitingBytes bytes() {
    return bytes;
  }

  BufferingStompDecoder decoder() {
    return decoder;
  }

  WebSocketSession socket() {
    return socket;
  }

  synchronized @Nullable Principal principal() {
    return principal;
  }

  synchronized void connected(Principal who) {
    principal = who;
  }

  synchronized int subscriptionCount() {
    return subscriptions.size();
  }

  /** Characters of the selectors of all its subscriptions. */
  synchronized int matchLength() {
    int length = 0;
    for (var subscription : subscriptions.values()) {
      length += subscription.match().length();
    }
    return length;
  }

  /** Whether nothing more is read: it ends as soon as what was said last is written. */
  synchronized boolean isClosing() {
    return closing;
  }

  /** Notes that something came; false if a frame comes in too many pieces to be kept. */
  synchronized boolean takes(boolean whole) {
    pieces = whole ? 0 : pieces + 1;
    return pieces <= MAX_PIECES;
  }

  /** False if the id is in use. */
  synchronized boolean add(LiveSubscription subscription) {
    return subscriptions.putIfAbsent(subscription.id(), subscription) == null;
  }

  synchronized @Nullable LiveSubscription remove(String id) {
    return subscriptions.remove(id);
  }

  synchronized List<LiveSubscription> removeAll() {
    var all = List.copyOf(subscriptions.values());
    subscriptions.clear();
    return all;
  }

  /**
   * Sends a frame of the protocol itself, ahead of what waits at the subscriptions. Who asks for
   * more of them than it takes is sent what waits, and closed.
   */
  void send(String frame) {
    var bytes = frame.getBytes(StandardCharsets.UTF_8);
    synchronized (this) {
      if (control.size() >= MAX_CONTROL || controlBytes + bytes.length > MAX_CONTROL_BYTES) {
        closing = true;
      } else if (!closing) {
        control.addLast(bytes);
        controlBytes += bytes.length;
      }
    }
    wake();
  }

  /** Sends the frame, then closes; of several only the first. */
  void sendLast(String frame) {
    synchronized (this) {
      if (!closing) {
        control.addLast(frame.getBytes(StandardCharsets.UTF_8));
        closing = true;
      }
    }
    wake();
  }

  void wake() {
    synchronized (this) {
      wanted = true;
      if (writing) {
        return;
      }
      writing = true;
    }
    try {
      writers.execute(this::write);
    } catch (RuntimeException e) {
      synchronized (this) {
        writing = false;
      }
    }
  }

  private void write() {
    while (true) {
      // The first message after a quiet time goes at once; of many, some go together.
      long quiet = System.nanoTime() - lastOutNanos;
      if (quiet < COALESCE_NANOS) {
        LockSupport.parkNanos(COALESCE_NANOS - quiet);
      }
      List<byte[]> protocol;
      boolean close;
      boolean ping;
      List<LiveSubscription> sources;
      synchronized (this) {
        protocol = List.copyOf(control);
        control.clear();
        controlBytes = 0;
        sources = List.copyOf(subscriptions.values());
        close = closing;
        ping = pinging;
        pinging = false;
        wanted = false;
      }
      // Outside the lock: a publisher may hold a subscription's lock while it wants ours.
      List<byte[]> taken = new ArrayList<>();
      try {
        take(sources, taken);
        var frames = new ArrayList<>(protocol);
        frames.addAll(taken);
        for (var text : together(frames)) {
          socket.sendMessage(new TextMessage(text));
          lastOutNanos = System.nanoTime();
        }
        if (ping) {
          socket.sendMessage(new PingMessage());
        }
        if (close) {
          socket.close(CloseStatus.NORMAL);
        }
      } catch (IOException | IllegalStateException e) {
        LOG.atDebug().setCause(e).log("a live connection broke");
        broken();
        return;
      } catch (RuntimeException | Error e) {
        broken();
        throw e;
      } finally {
        bytes.add(-taken.stream().mapToLong(frame -> frame.length).sum());
      }
      caughtUp(sources);
      boolean more = sources.stream().anyMatch(LiveSubscription::hasMore);
      synchronized (this) {
        if (close || !(wanted || more)) {
          writing = false;
          return;
        }
      }
    }
  }

  private void caughtUp(List<LiveSubscription> sources) {
    try {
      sources.forEach(LiveSubscription::written);
    } catch (RuntimeException | Error e) {
      broken();
      throw e;
    }
  }

  /** Nothing is written any more. */
  private void broken() {
    closeQuietly();
    synchronized (this) {
      writing = false;
    }
  }

  /** What waits, or a part of it: of each subscription something. */
  private static void take(List<LiveSubscription> sources, List<byte[]> taken) {
    int left = ROUND_BYTES;
    for (var source : sources) {
      for (var frame : source.drain(Math.max(1, left))) {
        taken.add(frame);
        left -= frame.length;
      }
    }
  }

  /** The frames, several in one message where they are small. */
  private static List<byte[]> together(List<byte[]> frames) {
    List<byte[]> messages = new ArrayList<>();
    for (int from = 0; from < frames.size(); ) {
      int bytes = frames.get(from).length;
      int to = from + 1;
      while (to < frames.size() && bytes + frames.get(to).length <= COALESCED_BYTES) {
        bytes += frames.get(to++).length;
      }
      var message = new byte[bytes];
      int at = 0;
      for (; from < to; from++) {
        System.arraycopy(frames.get(from), 0, message, at, frames.get(from).length);
        at += frames.get(from).length;
      }
      messages.add(message);
    }
    return messages;
  }

  void heard(long nanos) {
    lastInNanos = nanos;
  }

  /** Notes the version of STOMP and the heart-beats that are agreed on. */
  void speaks(String version, HeartBeats agreed) {
    escapes = !version.equals("1.0");
    beats = agreed;
  }

  /** Whether the client takes escapes in headers back. */
  boolean escapes() {
    return escapes;
  }

  /**
   * Sends a heart-beat if one is due; closes the connection if the other side has been silent for
   * too long, or did not say in time who it is. Where no heart-beats were agreed on, a silent side
   * is asked with a ping of the WebSocket, which every client answers: half-open connections would
   * stay for ever otherwise.
   */
  void beat(long nanos) {
    long silentMillis = (nanos - lastInNanos) / 1_000_000;
    if (principal() == null
        ? (nanos - openedNanos) / 1_000_000 > patience.connectMillis()
        : silentMillis
            > 3 * (beats.expectMillis() > 0 ? beats.expectMillis() : patience.silentMillis())) {
      closeQuietly();
      return;
    }
    if (silentMillis > patience.silentMillis()) {
      synchronized (this) {
        pinging = true;
      }
      wake();
    }
    if (beats.sendMillis() > 0
        && (nanos - lastOutNanos) / 1_000_000 >= beats.sendMillis() - 1_000) {
      send("\n");
    }
  }

  void closeQuietly() {
    try {
      socket.close(CloseStatus.GOING_AWAY);
    } catch (IOException | IllegalStateException e) {
      LOG.atDebug().setCause(e).log("a live connection was closed already");
    }
  }
}

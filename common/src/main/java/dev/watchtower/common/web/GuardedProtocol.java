package dev.watchtower.common.web;

import dev.watchtower.common.lifecycle.Enduring;
import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.common.web.ConnectionPatience.Doing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.coyote.Constants;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP with an end to every {@link ConnectionPatience patience}: several times a second it looks
 * over all connections, and those that have had their time are ended as if the client had gone, so
 * that Tomcat cleans up in its own way. Live connections (WebSocket) are not its concern.
 */
public final class GuardedProtocol extends Http11NioProtocol {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedProtocol.class);
  private static final long LOOK_EVERY_MILLIS = 200;

  /** Processors are reused and sometimes dropped, by Tomcat and without a word. */
  private final Set<Watched> processors =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** Connections that have had a request. */
  private final Set<SocketWrapperBase<?>> served = ConcurrentHashMap.newKeySet();

  private final AtomicLong ended = new AtomicLong();
  private volatile ConnectionPatience patience = ConnectionPatience.USUAL;
  private int buffer = -1;
  private @Nullable ScheduledExecutorService looks;

  /** From now on this is how long it waits. */
  public void setPatience(ConnectionPatience wanted) {
    patience = wanted;
  }

  /** How long it waits. */
  public ConnectionPatience getPatience() {
    return patience;
  }

  /**
   * Gives each connection buffers of {@code bytes} for what it reads, what it writes and the answer
   * that is put together, in the place of Tomcat's usual 8 kB; before the start. They bound nothing
   * but how much goes in one piece.
   */
  public void setBuffer(int bytes) {
    buffer = bytes;
    getEndpoint().getSocketProperties().setAppReadBufSize(bytes);
    getEndpoint().getSocketProperties().setAppWriteBufSize(bytes);
  }

  @Override
  public int getDesiredBufferSize() {
    return buffer;
  }

  /** Connections ended since the start because they had had their time. */
  public long ended() {
    return ended.get();
  }

  @Override
  public void start() throws Exception {
    super.start();
    var timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slow-connections").factory());
    looks = timer;
    var unused =
        timer.scheduleWithFixedDelay(
            Enduring.task("slow-connections", this::endSlow),
            LOOK_EVERY_MILLIS,
            LOOK_EVERY_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() throws Exception {
    var timer = looks;
    if (timer != null) {
      timer.shutdownNow();
    }
    super.stop();
  }

  @Override
  protected Processor createProcessor() {
    var processor = new Watched(this);
    processors.add(processor);
    return processor;
  }

  private void endSlow() {
    var fullness = (double) getConnectionCount() / Math.max(1, getMaxConnections());
    var busy = new HashSet<SocketWrapperBase<?>>();
    ArrayList<Watched> all;
    synchronized (processors) {
      all = new ArrayList<>(processors);
    }
    var over = 0;
    for (var processor : all) {
      var wrapper = processor.wrapper();
      if (wrapper != null) {
        busy.add(wrapper);
        var doing = processor.doing();
        if (processor.isOver(doing, patience, fullness) && end(wrapper, doing == Doing.ANSWER)) {
          over++;
        }
      }
    }
    served.removeIf(SocketWrapperBase::isClosed);
    if (fullness >= ConnectionPatience.CROWDED) {
      over += endIdle(busy, fullness);
    }
    if (over > 0) {
      ended.addAndGet(over);
      LOG.atWarn()
          .addKeyValue("connections", over)
          .addKeyValue("inUse", getConnectionCount())
          .addKeyValue("of", getMaxConnections())
          .log("connections that were too slow are ended");
    }
  }

  /** Those that have nothing to do. Who never had is the first to go: a sender begins at once. */
  private int endIdle(Set<SocketWrapperBase<?>> busy, double fullness) {
    var over = 0;
    for (var wrapper : getEndpoint().getConnections()) {
      if (wrapper instanceof NioSocketWrapper nio
          && wrapper.getCurrentProcessor() == null
          && !busy.contains(wrapper)
          && patience.isOver(
              served.contains(wrapper) ? Doing.IDLE : Doing.NEW, idle(nio), 0, fullness)
          && end(wrapper, false)) {
        over++;
      }
    }
    return over;
  }

  @SystemEdge("Tomcat notes the time of the last byte by this clock")
  private static Duration idle(NioSocketWrapper wrapper) {
    return Duration.ofMillis(System.currentTimeMillis() - wrapper.getLastRead());
  }

  /** To both sides it looks as if the other had hung up; what waits for bytes goes on at once. */
  private static boolean end(SocketWrapperBase<?> wrapper, boolean answering) {
    if (!(wrapper.getSocket() instanceof NioChannel channel)) {
      return false;
    }
    var socket = channel.getIOChannel();
    if (socket == null || !socket.isOpen() || socket.socket().isInputShutdown()) {
      return false;
    }
    try {
      socket.shutdownInput();
      if (answering) {
        socket.shutdownOutput();
      }
      return true;
    } catch (IOException e) {
      // It is closed already.
      return false;
    }
  }

  /** A processor that can be looked at while it works. What it sees may be a moment old. */
  private static final class Watched extends Http11Processor {
    private final Set<SocketWrapperBase<?>> served;

    Watched(GuardedProtocol protocol) {
      super(protocol, protocol.getAdapter());
      served = protocol.served;
    }

    @Override
    public SocketState service(SocketWrapperBase<?> wrapper) throws IOException {
      var state = super.service(wrapper);
      if (state == SocketState.OPEN) {
        served.add(wrapper);
      }
      return state;
    }

    @Nullable SocketWrapperBase<?> wrapper() {
      return socketWrapper;
    }

    Doing doing() {
      if (request.getStartTimeNanos() < 0) {
        return Doing.IDLE;
      }
      if (response.getCommitTimeNanos() > 0) {
        return Doing.ANSWER;
      }
      if (request.getRequestProcessor().getStage() < Constants.STAGE_SERVICE) {
        return Doing.HEAD;
      }
      return isRequestBodyFullyRead() ? Doing.WORK : Doing.BODY;
    }

    boolean isOver(Doing doing, ConnectionPatience patience, double fullness) {
      var began = request.getStartTimeNanos();
      var answered = response.getCommitTimeNanos();
      if (doing == Doing.IDLE || began < 0) {
        return false;
      }
      var from = doing == Doing.ANSWER ? answered : began;
      var bytes = doing == Doing.ANSWER ? response.getBytesWritten(false) : request.getBytesRead();
      var took = Duration.ofNanos(System.nanoTime() - from);
      // Where it was recycled in between, the next look sees what it is at now.
      return answered == response.getCommitTimeNanos()
          && began == request.getStartTimeNanos()
          && patience.isOver(doing, took, bytes, fullness);
    }
  }
}

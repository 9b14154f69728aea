package dev.watchtower.ingest.doors.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Many connections that begin a request and go on with a byte now and then; each that is ended is
 * opened anew, until closed.
 */
final class SlowClients implements AutoCloseable {
  private static final long EVERY_MILLIS = 100;
  private static final ByteBuffer DRIP = ByteBuffer.wrap(new byte[] {'x'}).asReadOnlyBuffer();

  private final int port;
  private final IntFunction<String> beginnings;
  private final List<SocketChannel> channels = new ArrayList<>();
  private final ByteBuffer trash = ByteBuffer.allocate(4096);
  private final AtomicInteger ended = new AtomicInteger();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  /**
   * @param beginnings what the i-th sends at first; if it is empty it sends nothing ever
   */
  SlowClients(int port, int count, IntFunction<String> beginnings) throws IOException {
    this.port = port;
    this.beginnings = beginnings;
    for (var i = 0; i < count; i++) {
      channels.add(open());
    }
    var unused = timer.scheduleWithFixedDelay(this::drip, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private SocketChannel open() throws IOException {
    var channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return channel;
  }

  /** How often the server ended a connection. */
  int ended() {
    return ended.get();
  }

  private void drip() {
    for (var i = 0; i < channels.size(); i++) {
      var channel = channels.get(i);
      try {
        var begins = channel.isConnectionPending() && channel.finishConnect();
        var text = begins ? beginnings.apply(i) : "";
        if (!text.isEmpty()) {
          channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        } else if (channel.isConnected() && !beginnings.apply(i).isEmpty()) {
          channel.write(DRIP.duplicate());
        }
        trash.clear();
        if (channel.isConnected() && channel.read(trash) < 0) {
          throw new IOException("it was ended");
        }
      } catch (IOException e) {
        again(i);
      }
    }
  }

  private void again(int i) {
    ended.incrementAndGet();
    try {
      channels.get(i).close();
      channels.set(i, open());
    } catch (IOException e) {
      throw new IllegalStateException("no more connections", e);
    }
  }

  @Override
  public void close() throws IOException {
    timer.close();
    for (var channel : channels) {
      channel.close();
    }
  }
}

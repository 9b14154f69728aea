package dev.watchtower.monitor;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A STOMP client of a few lines, so that the server is not tested with itself. */
public final class LiveClient implements WebSocket.Listener {
  private final List<String> frames = new CopyOnWriteArrayList<>();
  private final StringBuilder partial = new StringBuilder();
  private final WebSocket socket;
  private volatile boolean closed;

  /** Connects to {@code base} with a header of the handshake. */
  public LiveClient(String base, String header, String value) {
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header(header, value)
            .subprotocols("v12.stomp")
            .buildAsync(URI.create(base.replace("http", "ws") + "/live"), this)
            .join();
    send("CONNECT\naccept-version:1.2\nhost:x\n\n\0");
  }

  /** Sends a frame. */
  public void send(String frame) {
    var unused = socket.sendText(frame, true).join();
  }

  /** Subscribes; the answer to {@code receipt:ID} tells when that has been done. */
  public void subscribe(int id, String destination) {
    send("SUBSCRIBE\nid:" + id + "\nreceipt:" + id + "\ndestination:" + destination + "\n\n\0");
  }

  /** What came, in order; several frames may be in one text. */
  public List<String> frames() {
    return frames;
  }

  /** Whether something that contains {@code text} came. */
  public boolean has(String text) {
    return frames.stream().anyMatch(f -> f.contains(text));
  }

  /** Whether the server has closed. */
  public boolean closed() {
    return closed;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      for (var frame : partial.toString().split("\0", -1)) {
        if (!frame.isBlank()) {
          frames.add(frame.stripLeading());
        }
      }
      partial.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed = true;
    return null;
  }
}

package dev.watchtower.common.web;

import dev.watchtower.common.problem.Problem;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * A request whose body came with gzip, as if it had come without. How long it becomes is not known
 * before it has been read: who reads has to count. With another encoding it cannot be read; where
 * nobody reads it, since there is nothing at that address, this is no matter.
 */
final class DecodedRequest extends HttpServletRequestWrapper {
  private static final String ENCODING = "Content-Encoding";

  /** They speak of what was sent, not of what is read here. */
  private static final Set<String> HIDDEN = Set.of("content-encoding", "content-length");

  private final @Nullable Problem unreadable;
  private @Nullable ServletInputStream body;

  private DecodedRequest(HttpServletRequest request, @Nullable Problem unreadable) {
    super(request);
    this.unreadable = unreadable;
  }

  /**
   * A request that can be read as it is; reading it throws problem 415 where its body is encoded in
   * a way that is not taken.
   *
   * @throws Problem 415 if it is an encoded form
   */
  static HttpServletRequest of(HttpServletRequest request) {
    var sent = request.getHeader(ENCODING);
    var name = sent == null ? "" : sent.strip().toLowerCase(Locale.ROOT);
    if (name.isEmpty() || name.equals("identity") || !hasBody(request)) {
      return request;
    }
    var type = request.getContentType();
    if (type != null
        && type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE)) {
      // The container takes forms apart, from what was sent.
      throw unsupported("A form is taken without " + ENCODING + ".");
    }
    return new DecodedRequest(
        request,
        name.equals("gzip")
            ? null
            : unsupported(ENCODING + " " + name + " is not taken; gzip is."));
  }

  private static boolean hasBody(HttpServletRequest request) {
    var length = request.getContentLengthLong();
    return length > 0 || (length < 0 && request.getHeader("Transfer-Encoding") != null);
  }

  private static Problem unsupported(String detail) {
    return Problem.of(415, "unsupported-media-type", "This encoding is not taken here", detail);
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    if (unreadable != null) {
      throw unreadable;
    }
    if (body == null) {
      body = new Inflated(super.getInputStream());
    }
    return body;
  }

  @Override
  public BufferedReader getReader() throws IOException {
    return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
  }

  @Override
  public int getContentLength() {
    return -1;
  }

  @Override
  public long getContentLengthLong() {
    return -1;
  }

  @Override
  public @Nullable String getHeader(String name) {
    return isHidden(name) ? null : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return isHidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    List<String> names = Collections.list(super.getHeaderNames());
    names.removeIf(DecodedRequest::isHidden);
    return Collections.enumeration(names);
  }

  private static boolean isHidden(String name) {
    return HIDDEN.contains(name.toLowerCase(Locale.ROOT));
  }

  private static final class Inflated extends ServletInputStream {
    private final ServletInputStream sent;
    private @Nullable GZIPInputStream inflated;
    private boolean finished;

    Inflated(ServletInputStream sent) {
      this.sent = sent;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      try {
        if (inflated == null) {
          inflated = new GZIPInputStream(sent);
        }
        var n = inflated.read(into, from, length);
        finished = n < 0;
        return n;
      } catch (ZipException | EOFException e) {
        throw Problem.of(
            400,
            "malformed-body",
            "The body cannot be read",
            "It is not gzip, or not all of it: " + e.getMessage() + ".");
      }
    }

    @Override
    public void close() throws IOException {
      if (inflated != null) {
        inflated.close();
      }
    }

    @Override
    public boolean isFinished() {
      return finished;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("a compressed body is read by waiting for it");
    }
  }
}

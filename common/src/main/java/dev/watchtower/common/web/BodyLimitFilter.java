package dev.watchtower.common.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives bodies that came with gzip decoded, and refuses other encodings with 415 and bodies over a
 * limit, decoded, with 413: by the declared length where there is one and while reading where not.
 * Paths with a limit of their own are left alone.
 */
final class BodyLimitFilter extends OncePerRequestFilter implements Ordered {
  private final long limit;
  private final List<String> exempt;
  private final ProblemWriter problems;

  BodyLimitFilter(long limit, List<String> exempt, ProblemWriter problems) {
    this.limit = limit;
    this.exempt = List.copyOf(exempt);
    this.problems = problems;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 20;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return exempt.contains(request.getRequestURI());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > limit) {
      problems.write(request, response, tooLarge(limit));
      return;
    }
    HttpServletRequest readable;
    try {
      readable = DecodedRequest.of(request);
    } catch (Problem e) {
      problems.write(request, response, e);
      return;
    }
    chain.doFilter(
        readable.getContentLengthLong() >= 0 ? readable : new Limited(readable, limit), response);
  }

  static Problem tooLarge(long limit) {
    return Problem.of(
        413, "too-large", "The request is too large", "The limit is " + limit + " bytes.");
  }

  /** A body of undeclared length that ends with an exception when it passes the limit. */
  private static final class Limited extends HttpServletRequestWrapper {
    private final long limit;

    Limited(HttpServletRequest request, long limit) {
      super(request);
      this.limit = limit;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new Counted(super.getInputStream(), limit);
    }

    @Override
    public BufferedReader getReader() throws IOException {
      return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
  }

  private static final class Counted extends ServletInputStream {
    private final ServletInputStream body;
    private long left;
    private final long limit;

    Counted(ServletInputStream body, long limit) {
      this.body = body;
      this.left = limit;
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      int value = body.read();
      if (value >= 0) {
        count(1);
      }
      return value;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int n = body.read(into, from, length);
      if (n > 0) {
        count(n);
      }
      return n;
    }

    private void count(int bytes) {
      left -= bytes;
      if (left < 0) {
        throw tooLarge(limit);
      }
    }

    @Override
    public boolean isFinished() {
      return body.isFinished();
    }

    @Override
    public boolean isReady() {
      return body.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      body.setReadListener(listener);
    }
  }
}

package dev.watchtower.common.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes a body whose type is a range (<code>Content-Type: *&#47;*</code>) for one of unknown type,
 * as RFC 9110, 8.3 allows. Spring cannot read such a header and would answer 500 to anybody; so
 * each door gives its own 415, and what has no body is answered as ever.
 */
final class ConcreteTypeFilter extends OncePerRequestFilter implements Ordered {
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 15;
  }

  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return false;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(isRange(request.getContentType()) ? new Unknown(request) : request, response);
  }

  private static boolean isRange(@Nullable String type) {
    return type != null && type.split(";", 2)[0].contains("*");
  }

  /** One whose body is of unknown type. */
  private static final class Unknown extends HttpServletRequestWrapper {
    Unknown(HttpServletRequest request) {
      super(request);
    }

    @Override
    public String getContentType() {
      return MediaType.APPLICATION_OCTET_STREAM_VALUE;
    }

    @Override
    public String getHeader(String name) {
      return isType(name) ? getContentType() : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return isType(name)
          ? Collections.enumeration(List.of(getContentType()))
          : super.getHeaders(name);
    }

    private static boolean isType(String name) {
      return name.equalsIgnoreCase("Content-Type");
    }
  }
}

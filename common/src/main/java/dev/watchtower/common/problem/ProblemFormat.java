package dev.watchtower.common.problem;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Another form of problems than {@code application/problem+json}, for endpoints whose protocol asks
 * for one. A bean of this type is heard by everything that writes problems. Thread-safe.
 */
public interface ProblemFormat {
  /** Whether problems of this request are written in this form. */
  boolean fits(HttpServletRequest request);

  /** The value of {@code Content-Type}. */
  String contentType(HttpServletRequest request);

  /** The body. */
  byte[] body(HttpServletRequest request, Problem problem);
}

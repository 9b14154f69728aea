package dev.watchtower.common.problem;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error as the caller gets it: problem details (RFC 9457). Thrown anywhere below a controller it
 * becomes the answer. It carries no stack trace to the caller and none in memory: it is an answer,
 * not an accident.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * One fault in what the caller sent.
   *
   * @param path where: {@code samples[3].value}, a query parameter's or header's name; empty for
   *     the whole body
   * @param message what was expected
   */
  public record Fault(String path, String message) {}

  private final int status;
  private final String slug;
  private final String title;
  private final transient Map<String, Object> extensions = new LinkedHashMap<>();
  private final transient List<Fault> faults = new ArrayList<>();
  private @Nullable Duration retryAfter;

  private Problem(int status, String slug, String title, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.slug = slug;
    this.title = title;
  }

  /**
   * A problem.
   *
   * @param status HTTP status, 400..599
   * @param slug last part of {@code type}: {@code /problems/slug}
   * @param title the same for every problem of the type
   * @param detail this one, for people: what happened and what to do
   */
  public static Problem of(int status, String slug, String title, String detail) {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status " + status + " is not an error");
    }
    return new Problem(status, slug, title, detail);
  }

  /**
   * What is not taken for what it is, by those who do not know more than its status.
   *
   * @param status HTTP status, 400..599
   */
  public static Problem ofStatus(int status, String detail) {
    return switch (status) {
      case 400 -> badRequest(detail);
      case 404 -> notFound(detail);
      case 405 -> of(status, "method-not-allowed", "This method is not allowed here", detail);
      case 406 -> of(status, "not-acceptable", "This form of answer is not to be had", detail);
      case 413 -> of(status, "too-large", "The request is too large", detail);
      case 415 -> of(status, "unsupported-media-type", "This media type is not taken here", detail);
      case 503 -> of(status, "unavailable", "Not available now", detail);
      default -> of(status, "refused", "The request was refused", detail);
    };
  }

  /** 400: what was sent cannot be used. */
  public static Problem badRequest(String detail) {
    return of(400, "bad-request", "The request is not valid", detail);
  }

  /** 400 for one parameter or field. */
  public static Problem badField(String path, String message) {
    return badRequest(path.isEmpty() ? message : path + ": " + message).fault(path, message);
  }

  /** 404: there is no such thing. */
  public static Problem notFound(String what) {
    return of(404, "not-found", "Not found", what);
  }

  /** 503 with Retry-After: it cannot be done now, and trying again later is right. */
  public static Problem unavailable(String detail, Duration retryAfter) {
    var problem = of(503, "unavailable", "Not available now", detail);
    problem.retryAfter = retryAfter;
    return problem;
  }

  /** Adds a member to the problem document. */
  public Problem with(String name, Object value) {
    extensions.put(name, value);
    return this;
  }

  /** Adds a fault to {@code errors}. */
  public Problem fault(String path, String message) {
    faults.add(new Fault(path, message));
    return this;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The reference {@code /problems/slug}. */
  public String type() {
    return "/problems/" + slug;
  }

  /** The title. */
  public String title() {
    return title;
  }

  /** The members added to the document. */
  public Map<String, Object> extensions() {
    return Map.copyOf(extensions);
  }

  /** The faults, in the order found. */
  public List<Fault> faults() {
    return List.copyOf(faults);
  }

  /** When to try again, where that is known. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}

package dev.watchtower.common.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.springframework.core.ResolvableType;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a request whose answer, which would be JSON, its caller does not take, before anything is
 * done. Spring notices that when it writes the answer: the caller would hear 406 of an incident
 * that is open, and try again. Thread-safe.
 */
final class AcceptedAnswers implements HandlerInterceptor {
  private static final Set<String> CHANGES_NOTHING = Set.of("GET", "HEAD", "OPTIONS");
  private static final List<MediaType> ANSWERS =
      List.of(MediaType.APPLICATION_JSON, new MediaType("application", "*+json"));

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws HttpMediaTypeNotAcceptableException {
    if (!CHANGES_NOTHING.contains(request.getMethod())
        && handler instanceof HandlerMethod method
        && answersInJson(method)
        && !isTaken(Collections.list(request.getHeaders("Accept")))) {
      throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
    }
    return true;
  }

  /** What writes its answer by itself chooses the type as well. */
  private static boolean answersInJson(HandlerMethod method) {
    var type = ResolvableType.forMethodParameter(method.getReturnType());
    var body = ResponseEntity.class.equals(type.resolve()) ? type.getGeneric(0) : type;
    var known = body.resolve(Object.class);
    return known != void.class
        && known != Void.class
        && known != byte[].class
        && known != String.class;
  }

  private static boolean isTaken(List<String> accepted) throws HttpMediaTypeNotAcceptableException {
    if (accepted.isEmpty()) {
      return true;
    }
    try {
      return MediaType.parseMediaTypes(accepted).stream()
          .anyMatch(type -> ANSWERS.stream().anyMatch(type::isCompatibleWith));
    } catch (InvalidMediaTypeException e) {
      throw new HttpMediaTypeNotAcceptableException("Accept: " + e.getMessage());
    }
  }
}

package dev.watchtower.common.web;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/** The templates of all endpoints, whatever their method. Thread-safe. */
public final class PathTemplates {
  private final Supplier<Stream<RequestMappingInfoHandlerMapping>> mappings;
  private volatile @Nullable List<PathPattern> templates;

  /**
   * @param mappings asked once, at the first request, when all endpoints are there
   */
  PathTemplates(Supplier<Stream<RequestMappingInfoHandlerMapping>> mappings) {
    this.mappings = mappings;
  }

  /**
   * The most specific template that the path matches, or {@code otherwise}.
   *
   * @param path of an address, encoded, without the query
   */
  String of(String path, String otherwise) {
    try {
      var parsed = PathContainer.parsePath(path);
      return all().stream()
          .filter(template -> template.matches(parsed))
          .findFirst()
          .map(PathPattern::getPatternString)
          .orElse(otherwise);
    } catch (IllegalArgumentException e) {
      // Not encoded as an address is.
      return otherwise;
    }
  }

  /**
   * Whether an endpoint is at the path, with whatever method.
   *
   * @param path of an address, without the query
   */
  public boolean anyMatches(String path) {
    return !of(path, "").isEmpty();
  }

  private List<PathPattern> all() {
    var known = templates;
    if (known == null) {
      known =
          mappings
              .get()
              .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
              .map(RequestMappingInfo::getPathPatternsCondition)
              .filter(condition -> condition != null)
              .flatMap(condition -> condition.getPatterns().stream())
              .sorted(PathPattern.SPECIFICITY_COMPARATOR)
              .toList();
      templates = known;
    }
    return known;
  }
}

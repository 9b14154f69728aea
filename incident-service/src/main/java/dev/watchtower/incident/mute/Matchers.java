package dev.watchtower.incident.mute;

import dev.watchtower.common.wire.Severity;
import java.util.List;
import java.util.Map;

/**
 * What a silence or a window covers. Every part that is not empty has to fit; in texts {@code *}
 * stands for anything.
 *
 * @param labels of the series that the signal was measured on
 */
public record Matchers(
    List<String> services,
    List<String> environments,
    List<Severity> severities,
    List<String> rules,
    Map<String, String> labels) {

  /**
   * What is matched: a signal, or an incident without one.
   *
   * @param rule empty for an incident that was declared by hand
   */
  public record Target(
      String service, String env, Severity severity, String rule, Map<String, String> labels) {
    public Target {
      labels = Map.copyOf(labels);
    }

    /** The same, of another service. */
    Target of(String other) {
      return new Target(other, env, severity, rule, labels);
    }
  }

  public Matchers {
    services = List.copyOf(services);
    environments = List.copyOf(environments);
    severities = List.copyOf(severities);
    rules = List.copyOf(rules);
    labels = Map.copyOf(labels);
  }

  /** Whether it covers everything there is. Not named as a property: it is no part of the JSON. */
  public boolean coversAll() {
    return services.isEmpty()
        && environments.isEmpty()
        && severities.isEmpty()
        && rules.isEmpty()
        && labels.isEmpty();
  }

  /** Whether it covers {@code target}. */
  public boolean matches(Target target) {
    return anyMatches(services, target.service())
        && anyMatches(environments, target.env())
        && (severities.isEmpty() || severities.contains(target.severity()))
        && anyMatches(rules, target.rule())
        && labels.entrySet().stream()
            .allMatch(l -> {
              var value = target.labels().get(l.getKey());
              return value != null && matches(l.getValue(), value);
            });
  }

  private static boolean anyMatches(List<String> patterns, String text) {
    return patterns.isEmpty() || patterns.stream().anyMatch(p -> matches(p, text));
  }

  /** Whether {@code text} fits {@code pattern}, where {@code *} stands for any characters. */
  static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int mark = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        // The last star takes one character more, and the rest is tried again.
        p = star + 1;
        t = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}

package dev.watchtower.common.security;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Which scope each endpoint of a service asks for. The first rule that matches decides; what no
 * rule matches is refused.
 */
public final class AccessRules {
  private record Rule(@Nullable HttpMethod method, PathPattern path, Set<Scope> anyOf) {}

  /** What the rules say of a request. */
  public sealed interface Verdict {
    /** Anybody may. */
    record Open() implements Verdict {}

    /** A token with one of the scopes may. */
    record Needs(Set<Scope> anyOf) implements Verdict {}

    /**
     * The path is known, but not with this method: nobody may but an administrator, and whoever may
     * use the path in another way is told so.
     *
     * @param allowed methods that it is known with
     * @param anyOf scopes with which one of them may be used
     */
    record WrongMethod(Set<String> allowed, Set<Scope> anyOf) implements Verdict {}

    /** No rule says anything of the path: nobody may but an administrator. */
    record Unknown() implements Verdict {}
  }

  private final List<Rule> rules;

  private AccessRules(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Starts the rules of a service; the ones that all services share come first by themselves. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * What is asked for {@code method} on {@code path} (without the query); {@code WrongMethod} where
   * rules for this very path match with other methods only, {@code Unknown} where none does.
   */
  public Verdict verdict(HttpMethod method, String path) {
    var parsed = PathContainer.parsePath(path);
    var methods = new TreeSet<String>();
    var scopes = EnumSet.noneOf(Scope.class);
    for (var rule : rules) {
      if (!rule.path().matches(parsed)) {
        continue;
      }
      if (rule.method() == null || rule.method().equals(method) || isHeadOf(rule, method)) {
        return rule.anyOf().isEmpty() ? new Verdict.Open() : new Verdict.Needs(rule.anyOf());
      }
      // What a rule for many paths says of a method need not hold for each of them.
      if (!rule.path().getPatternString().contains("*")) {
        methods.add(rule.method().name());
        scopes.addAll(rule.anyOf());
      }
    }
    return methods.isEmpty() ? new Verdict.Unknown() : new Verdict.WrongMethod(methods, scopes);
  }

  private static boolean isHeadOf(Rule rule, HttpMethod method) {
    return method.equals(HttpMethod.HEAD) && HttpMethod.GET.equals(rule.method());
  }

  /** Collects rules in order. */
  public static final class Builder {
    private final List<Rule> rules = new ArrayList<>();

    private Builder() {
      open("/health/**");
      open("/problems/**");
      allow(HttpMethod.GET, "/metrics", Scope.READ);
      allow(HttpMethod.GET, "/info", Scope.READ);
      allow(HttpMethod.GET, "/v3/api-docs/**", Scope.READ);
      allow(HttpMethod.GET, "/logs", Scope.RESPOND);
    }

    /**
     * Tokens with one of the scopes may call {@code method} on paths that match {@code pattern}.
     */
    public Builder allow(HttpMethod method, String pattern, Scope... anyOf) {
      if (anyOf.length == 0) {
        throw new IllegalArgumentException("a rule needs a scope; open() opens a path to anybody");
      }
      rules.add(new Rule(method, PathPatternParser.defaultInstance.parse(pattern), Set.of(anyOf)));
      return this;
    }

    /** Anybody may call paths that match {@code pattern}, with any method. */
    public Builder open(String pattern) {
      rules.add(new Rule(null, PathPatternParser.defaultInstance.parse(pattern), Set.of()));
      return this;
    }

    /** The rules. */
    public AccessRules build() {
      return new AccessRules(rules);
    }
  }
}

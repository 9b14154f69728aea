package dev.watchtower.common.security;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The most that each issuer's tokens may allow, whatever they say: least privilege between the
 * services. A token that claims more than its issuer may grant is refused as a whole.
 */
final class ServiceGrants {
  private static final Map<String, Set<Scope>> MOST =
      Map.of(
          "ingest", EnumSet.of(Scope.READ, Scope.SIGNALS_WRITE, Scope.REVOCATIONS),
          "incident",
              EnumSet.of(
                  Scope.READ,
                  Scope.ANALYSIS_REQUEST,
                  Scope.SUPERVISE,
                  Scope.CHAOS_STOP,
                  Scope.REVOCATIONS),
          "analysis", EnumSet.of(Scope.READ, Scope.ANALYSIS_WRITE, Scope.REVOCATIONS),
          "chaos",
              EnumSet.of(
                  Scope.READ, Scope.EVENTS_WRITE, Scope.FAULT, Scope.CRASH, Scope.REVOCATIONS),
          "monitor",
              EnumSet.of(
                  Scope.INGEST_WRITE,
                  Scope.READ,
                  Scope.RESPOND,
                  Scope.CHAOS,
                  Scope.ADMIN,
                  Scope.SIGNALS_WRITE,
                  Scope.SUPERVISE),
          "launcher",
              EnumSet.of(
                  Scope.TOKENS, Scope.READ, Scope.CHAOS, Scope.SUPERVISE, Scope.INGEST_WRITE));

  private ServiceGrants() {}

  /** The scopes that tokens of {@code issuer} may carry; empty for an unknown issuer. */
  static Set<Scope> of(String issuer) {
    return MOST.getOrDefault(issuer, Set.of());
  }

  /** The scopes a service puts into the tokens it makes for itself. */
  static Set<Scope> ownOf(String service) {
    return service.equals("monitor")
        ? EnumSet.of(Scope.READ, Scope.SIGNALS_WRITE, Scope.SUPERVISE)
        : of(service);
  }

  /**
   * Whether tokens of {@code issuer} may speak for {@code subject}. Only monitor speaks for people
   * and machines.
   */
  static boolean speaksFor(String issuer, String subject) {
    return subject.equals("service:" + issuer)
        || (issuer.equals("monitor")
            && (subject.startsWith("user:") || subject.startsWith("machine:")));
  }
}

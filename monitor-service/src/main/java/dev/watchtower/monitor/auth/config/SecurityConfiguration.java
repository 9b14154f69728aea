package dev.watchtower.monitor.auth.config;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.ProblemWriter;
import dev.watchtower.common.security.AccessRules;
import dev.watchtower.common.security.BearerTokenFilter;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenVerifier;
import dev.watchtower.common.web.PathTemplates;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.auth.Revocations;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;

/**
 * Who may reach what, in three chains: bearer tokens for programs, nothing for what is public, and
 * sessions for people.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
  private static final String PAGES_POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";
  private static final String DASHBOARD_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'";
  private static final String[] PUBLIC = {
    "/status",
    "/status/**",
    "/api/v2/**",
    "/health/**",
    "/health",
    "/problems/**",
    "/pages/**",
    "/favicon.svg",
    "/favicon.ico",
    "/robots.txt"
  };

  @Bean
  AccessRules accessRules() {
    var builder =
        AccessRules.builder()
            .allow(HttpMethod.GET, "/internal/v1/revocations", Scope.REVOCATIONS)
            .allow(HttpMethod.GET, "/api/v1/tokens", Scope.TOKENS, Scope.ADMIN)
            .allow(HttpMethod.POST, "/api/v1/tokens", Scope.TOKENS, Scope.ADMIN)
            .allow(HttpMethod.DELETE, "/api/v1/tokens/{id}", Scope.TOKENS, Scope.ADMIN)
            .allow(HttpMethod.POST, "/api/v1/users/{name}/password", Scope.TOKENS)
            .allow(HttpMethod.GET, "/slo", Scope.READ)
            .allow(HttpMethod.GET, "/incidents", Scope.READ)
            .allow(HttpMethod.GET, "/uptime-history", Scope.READ)
            .allow(HttpMethod.GET, "/bff/overview", Scope.READ)
            .allow(HttpMethod.GET, "/bff/health", Scope.READ)
            .allow(HttpMethod.GET, "/bff/escalation", Scope.READ)
            .allow(HttpMethod.GET, "/live", Scope.READ);
    for (var pattern : PUBLIC) {
      builder.open(pattern);
    }
    return builder.build();
  }

  @Bean
  @Order(1)
  SecurityFilterChain bearerChain(
      HttpSecurity http,
      AccessRules rules,
      PathTemplates endpoints,
      TokenVerifier verifier,
      Clock clock,
      ProblemWriter problems) {
    return withoutSession(http)
        .securityMatcher(SecurityConfiguration::hasBearerToken)
        // A program that could give people passwords could log in as one of them.
        .authorizeHttpRequests(a ->
            a.requestMatchers(HttpMethod.POST, "/api/v1/users/*/password")
                .permitAll() // The rules know who: the launcher.
                .requestMatchers("/bff/overview", "/bff/health", "/bff/escalation")
                .permitAll()
                .requestMatchers("/bff/**", "/api/v1/users/**", "/api/v1/me/**")
                .denyAll()
                .anyRequest()
                .permitAll())
        .exceptionHandling(e ->
            e.accessDeniedHandler((request, response, _) ->
                problems.write(
                    request,
                    response,
                    Problem.of(
                        403,
                        "forbidden",
                        "This address is for people",
                        "No token reaches it. Log in at /login."))))
        .addFilterBefore(
            new BearerTokenFilter(rules, verifier, clock, problems, endpoints),
            AuthorizationFilter.class)
        .build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain publicChain(HttpSecurity http) {
    return withoutSession(http)
        .securityMatcher(PUBLIC)
        .authorizeHttpRequests(a -> a.anyRequest().permitAll())
        .build();
  }

  private static HttpSecurity withoutSession(HttpSecurity http) {
    return http.sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(c -> c.disable())
        .logout(c -> c.disable())
        .requestCache(c -> c.disable())
        .httpBasic(c -> c.disable())
        .formLogin(c -> c.disable())
        .headers(h -> headers(h, PAGES_POLICY));
  }

  @Bean
  @Order(3)
  SecurityFilterChain sessionChain(
      HttpSecurity http,
      Accounts accounts,
      Revocations revocations,
      ProblemWriter problems,
      Clock clock,
      @Value("${watchtower.public-url}") String publicUrl) {
    var refusals = new Refusals(problems);
    var outcomes = new LoginOutcomes(accounts);
    // PasswordLogin is the one AuthenticationProvider bean; Spring Security finds it by itself.
    return http.formLogin(f ->
            f.loginPage("/login")
                .loginProcessingUrl("/login")
                .successHandler(outcomes)
                .failureHandler(outcomes))
        .logout(l ->
            l.logoutUrl("/logout")
                .addLogoutHandler((request, _, _) -> {
                  var session = request.getSession(false);
                  if (session != null) {
                    revocations.sessionEnded(session.getId());
                  }
                })
                .logoutSuccessUrl("/login?bye"))
        .csrf(c ->
            c.csrfTokenRepository(csrfCookie(publicUrl)).csrfTokenRequestHandler(new CsrfTokens()))
        .requestCache(c -> c.disable())
        .httpBasic(c -> c.disable())
        .exceptionHandling(e -> e.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
        .headers(h -> headers(h, DASHBOARD_POLICY))
        .addFilterBefore(
            new SessionGuard(accounts, revocations, problems, clock), AuthorizationFilter.class)
        .authorizeHttpRequests(a ->
            a.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                .permitAll()
                .requestMatchers("/login", "/assets/**", "/theme.js")
                .permitAll()
                .requestMatchers("/internal/**")
                .denyAll()
                .requestMatchers("/api/v1/tokens/**", "/api/v1/users/**", "/bff/users/**")
                .hasRole("ADMIN")
                .requestMatchers("/bff/incident/api/v1/audit/**")
                .hasRole("ADMIN")
                .requestMatchers(SecurityConfiguration::changesIncidents)
                .hasAnyRole("RESPONDER", "SRE", "ADMIN")
                .requestMatchers("/logs")
                .hasAnyRole("RESPONDER", "SRE", "ADMIN")
                .anyRequest()
                .authenticated())
        .build();
  }

  /** What incident-service would refuse a VIEWER anyway; refused here, it need not be up for it. */
  private static boolean changesIncidents(HttpServletRequest request) {
    return request.getRequestURI().startsWith("/bff/incident/")
        && !request.getMethod().equals("GET")
        && !request.getMethod().equals("HEAD");
  }

  private static CookieCsrfTokenRepository csrfCookie(String publicUrl) {
    var repository = CookieCsrfTokenRepository.withHttpOnlyFalse();
    repository.setCookieCustomizer(
        cookie -> cookie.path("/").sameSite("Lax").secure(isHttps(publicUrl)));
    return repository;
  }

  /**
   * The session's cookie. Behind https its name begins with {@code __Host-}, which browsers take
   * from this very host and over https only; on plain http (loopback) they would refuse that.
   */
  @Bean
  CookieSerializer sessionCookie(@Value("${watchtower.public-url}") String publicUrl) {
    var cookie = new DefaultCookieSerializer();
    cookie.setCookieName(isHttps(publicUrl) ? "__Host-watchtower" : "watchtower");
    cookie.setCookiePath("/");
    cookie.setUseHttpOnlyCookie(true);
    cookie.setUseSecureCookie(isHttps(publicUrl));
    cookie.setSameSite("Lax");
    return cookie;
  }

  private static void headers(HeadersConfigurer<HttpSecurity> headers, String policy) {
    headers
        .contentSecurityPolicy(p -> p.policyDirectives(policy))
        // Sent over https only. Hosts below this one are others' to decide on.
        .httpStrictTransportSecurity(h -> h.includeSubDomains(false))
        .referrerPolicy(p -> p.policy(ReferrerPolicy.SAME_ORIGIN))
        .crossOriginOpenerPolicy(p -> p.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
        .permissionsPolicyHeader(
            p -> p.policy("camera=(), microphone=(), geolocation=(), payment=(), usb=()"));
  }

  private static boolean hasBearerToken(HttpServletRequest request) {
    var header = request.getHeader("Authorization");
    return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7);
  }

  private static boolean isHttps(String publicUrl) {
    return publicUrl.startsWith("https:");
  }
}

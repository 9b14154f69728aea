package dev.watchtower.monitor.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.monitor.RunningMonitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardPagesIT extends RunningMonitor {
  @ParameterizedTest
  @ValueSource(strings = {"/", "/chaos", "/services/prod/checkout", "/incidents/1", "/logs/ingest"})
  void aPageComesAlsoForWhoTakesAnything(String path) {
    var admin = admin();

    var any = admin.any(path);

    assertThat(any.body()).isEqualTo(admin.page(path).body());
    assertThat(any.statusCode()).isIn(200, 503);
    assertThat(any.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    assertThat(admin.get(path).statusCode()).as("nothing for who takes JSON alone").isIn(404, 406);
    assertThat(admin.any("/incidents").headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/json");
  }

  @Test
  void servesTheDashboardUnderAStrictPolicyAndErrorsAsPages() {
    var admin = admin();
    var page = admin.page("/services/prod/checkout");
    assertThat(page.statusCode()).isIn(200, 503);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'")
        .contains("require-trusted-types-for 'script'")
        .contains("frame-ancestors 'none'");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("same-origin");

    // How names come that a path cannot carry.
    var odd = admin.page("/services?env=prod&name=integrations%2Funix");
    assertThat(odd.statusCode()).isEqualTo(page.statusCode());
    assertThat(odd.body()).isEqualTo(page.body());

    var missing = admin.page("/no/such/page");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    assertThat(missing.body()).contains("There is nothing at this address.");
    var problem = admin.get("/no/such/page");
    assertThat(problem.statusCode()).isEqualTo(404);
    assertThat(problem.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/problem+json");
  }
}

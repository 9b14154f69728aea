package dev.watchtower.monitor.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.monitor.RunningMonitor;
import org.junit.jupiter.api.Test;

/** The document of the API keeps users and tokens apart, and pages from answers to programs. */
class ApiDocumentIT extends RunningMonitor {
  @Test
  void saysWhatIsSentToMakeAUserOrAToken() {
    var paths = admin().json("/v3/api-docs").path("paths");
    var tokens = paths.path("/api/v1/tokens").path("post");
    var users = paths.path("/api/v1/users").path("post");

    assertThat(tokens.path("requestBody").toString()).contains("schemas/NewToken\"");
    assertThat(tokens.path("responses").path("201").toString())
        .contains("schemas/CreatedToken\"", "\"application/json\"");
    assertThat(users.path("requestBody").toString()).contains("schemas/NewUser\"");
    assertThat(users.path("responses").path("201").toString()).contains("schemas/CreatedUser\"");
    assertThat(paths.path("/status").path("get").path("security").toString()).isEqualTo("[]");
    assertThat(paths.path("/status").path("get").path("responses").path("200").toString())
        .doesNotContain("application/json");
  }
}

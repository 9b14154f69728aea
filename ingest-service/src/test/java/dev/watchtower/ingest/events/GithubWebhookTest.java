package dev.watchtower.ingest.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class GithubWebhookTest {
  private final GithubWebhook webhook = new GithubWebhook(new JsonMapper());

  /** GitHub's own example (docs.github.com, validating webhook deliveries). */
  @Test
  void checksSignaturesAsGithubMakesThem() {
    var body = "Hello, World!".getBytes(StandardCharsets.UTF_8);
    var secret = "It's a Secret to Everybody";
    var signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    assertThat(GithubWebhook.isSigned(body, signature, secret)).isTrue();
    assertThat(GithubWebhook.isSigned(body, signature, "another")).isFalse();
    assertThat(GithubWebhook.isSigned(body, signature.substring(7), secret)).isFalse();
    assertThat(GithubWebhook.isSigned(body, null, secret)).isFalse();
  }

  /** Each as GitHub would never send it, and where it is wrong. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "workflow_run|{'action':'completed'}|workflow_run.conclusion",
        "workflow_run|{'action':'completed','workflow_run':{}}|workflow_run.conclusion",
        "workflow_run|{'action':'completed','workflow_run':[]}|workflow_run.conclusion",
        "workflow_run|{'action':'completed','workflow_run':{'conclusion':'success','name':7}}|workflow_run.name",
        "workflow_run|{'action':'completed','workflow_run':{'conclusion':'success','created_at':5}}|workflow_run.created_at",
        "workflow_run|{'action':'completed','workflow_run':{'conclusion':'LONG'}}|workflow_run.conclusion",
        "deployment_status|{'deployment_status':{'state':'success','created_at':'nope'}}|deployment_status.created_at",
        "deployment_status|{'deployment_status':{'state':'success','updated_at':'1950-01-01T00:00:00Z'}}|deployment_status.updated_at",
        "deployment_status|{'deployment_status':{'state':'success','environment':'LONG'}}|deployment_status.environment",
        "deployment_status|{'deployment_status':{'state':'success'},'deployment':{'environment':[]}}|deployment.environment",
        "deployment_status|{'deployment_status':{'state':'success'},'repository':{'name':'LONG'}}|repository.name",
      })
  void namesWhatIsWrong(String event, String json, String path) {
    var text = json.replace('\'', '"').replace("LONG", "n".repeat(513));
    var body =
        text.contains("repository")
            ? text
            : text.substring(0, text.length() - 1) + ",\"repository\":{\"name\":\"shop\"}}";

    assertThatThrownBy(
            () -> webhook.read(event, "d1", body.getBytes(StandardCharsets.UTF_8), Instant.EPOCH))
        .isInstanceOfSatisfying(
            InvalidEventException.class, e -> assertThat(e.path()).isEqualTo(path));
  }
}

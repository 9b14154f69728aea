package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.CatalogSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The catalog is edited while a repair is waiting for its effect. */
class ChangedPlaybookIT extends RepairWorld {
  @Autowired private CatalogSource catalog;

  private final Path file = KEYS.dataDir().resolve("watchtower.yaml");
  private String original;

  @BeforeEach
  void remember() throws IOException {
    original = Files.readString(file);
  }

  @AfterEach
  void restore() throws IOException {
    save(original);
  }

  private void save(String text) throws IOException {
    var before = catalog.state().loadedAt();
    if (Files.readString(file).equals(text)) {
      return;
    }
    advance(Duration.ofMillis(1));
    Files.writeString(file, text);
    soon().until(() -> catalog.state().loadedAt().isAfter(before));
    assertThat(catalog.state().faults()).isEmpty();
  }

  /** Edits the playbook alone. */
  private void edit(String playbook, String from, String to) throws IOException {
    int at = original.indexOf("- name: " + playbook + "\n");
    var edited = original.substring(at).replaceFirst(from, to);
    assertThat(edited).isNotEqualTo(original.substring(at));
    save(original.substring(0, at) + edited);
  }

  private JsonNode undoOf(String incident) {
    advance(Duration.ofSeconds(61));
    newest(incident, "FAILED");
    soon()
        .until(() ->
            !log(incident).getFirst().path("undo").path("state").asString().equals("RUNNING"));
    return log(incident).getFirst().path("undo");
  }

  @Test
  void aCommandIsTakenBackByWhatBelongedToIt() throws IOException {
    signalIs("fix-59", "error_rate", 0.4);
    var incident = down("fix-59");
    newest(incident, "CHECKING");
    edit("fix-undone", "undo: cool", "undo: flush");

    assertThat(undoOf(incident).path("state").asString()).isEqualTo("DONE");
    assertThat(commands("fix-59")).isEqualTo(List.of("warm", "cool"));
  }

  @Test
  void itIsTakenBackAlsoWhenItsPlaybookIsGone() throws IOException {
    signalIs("fix-60", "error_rate", 0.4);
    var incident = down("fix-60");
    newest(incident, "CHECKING");
    edit("fix-undone", "fix-undone", "fix-renamed");

    assertThat(undoOf(incident).path("state").asString()).isEqualTo("DONE");
    assertThat(commands("fix-60")).isEqualTo(List.of("warm", "cool"));
  }

  @Test
  void aWebhookIsNotTakenBackByAnotherOne() throws IOException {
    signalIs("fix-61", "latency_p95", 0.9);
    var incident = down("fix-61");
    newest(incident, "CHECKING");
    edit("fix-moved", "/back\\b", "/another");

    var undo = undoOf(incident);

    assertThat(undo.path("state").asString()).isEqualTo("FAILED");
    assertThat(undo.path("outcome").asString())
        .isEqualTo("its undo-url is not in the catalog any more; take it back by hand");
    assertThat(REPAIR_HOOK.requests()).noneMatch(r -> r.path().equals("/another"));
  }
}

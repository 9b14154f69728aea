package dev.watchtower.incident.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.RunningService;
import dev.watchtower.incident.timeline.CanonicalJson;
import dev.watchtower.incident.timeline.Chain;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One incident as a signed bundle. */
class ExportIT extends RunningService {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private String resolved() {
    var api = responder();
    var id =
        api.post("/api/v1/signals", signal("pub-6", "rule", SignalStatus.FIRING)).text("incident");
    var path = "/api/v1/incidents/" + id;
    api.post(path + "/responders", Map.of("name", "bob", "role", "INCIDENT_COMMANDER"));
    api.post(path + "/tasks", Map.of("text", "Look at the disks"));
    api.post(path + "/annotations", Map.of("text", "a \"note\" with ünïcode and 3.50"));
    api.post(path + "/transitions", Map.of("event", "DISMISS", "comment", "a test"));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> api.get(path + "/postmortem").status() == 200);
    return id;
  }

  private Seal export(String id) {
    var response = responder().text("/api/v1/incidents/" + id + "/export", "application/json");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Disposition").orElse(""))
        .matches("attachment; filename=\"incident-\\d+\\.json\"");
    return JSON.readValue(response.body(), Seal.class);
  }

  private static PublicKey key() {
    return new KeyFiles(KEYS.dataDir().resolve("keys")).publicKey("incident").orElseThrow();
  }

  @Test
  void holdsEverythingAndIsSignedWithTheServicesKey() {
    var id = resolved();

    var seal = export(id);

    assertThat(seal.isGenuine(key())).isTrue();
    var bundle = JSON.readTree(seal.document());
    assertThat(bundle.path("complete").asBoolean()).isTrue();
    assertThat(bundle.path("incident").path("id").asString()).isEqualTo(id);
    assertThat(bundle.path("incident").path("signals")).hasSize(1);
    assertThat(bundle.path("incident").path("responders")).hasSize(1);
    assertThat(bundle.path("incident").path("tasks")).hasSize(1);
    assertThat(bundle.path("statusUpdates")).hasSize(2);
    assertThat(bundle.path("notifications").isEmpty()).isFalse();
    assertThat(bundle.path("remediations").isArray()).isTrue();
    assertThat(bundle.path("postmortem").path(0).path("revision").asInt()).isEqualTo(1);
    assertThat(bundle.path("verification").path("valid").asBoolean()).isTrue();
  }

  @Test
  void theTimelineInItCanBeCheckedWithoutTheService() {
    var id = resolved();
    var bundle = JSON.readTree(export(id).document());

    var chain = new Chain(UUID.fromString(id));
    for (var entry : bundle.path("timeline")) {
      assertThat(chain.check(stored(entry))).isEmpty();
    }

    assertThat(chain.seq()).isEqualTo(bundle.path("verification").path("entries").asLong());
    assertThat(chain.last()).isEqualTo(bundle.path("verification").path("head").asString());
  }

  @Test
  void oneChangedByteAnywhereIsNoticed() {
    var seal = export(resolved());
    var document = seal.document();
    for (int at : new int[] {0, document.length / 2, document.length - 1}) {
      var changed = document.clone();
      changed[at] ^= 1;
      assertThat(
              new Seal(
                      seal.format(),
                      Base64.getEncoder().encodeToString(changed),
                      seal.algorithm(),
                      seal.issuer(),
                      seal.key(),
                      seal.signature())
                  .isGenuine(key()))
          .as("byte %d", at)
          .isFalse();
    }
    var other = new KeyFiles(KEYS.dataDir().resolve("other-keys"));
    other.privateKey("incident");
    assertThat(seal.isGenuine(other.publicKey("incident").orElseThrow())).isFalse();
  }

  @Test
  void anUnknownIncidentHasNone() {
    assertThat(responder().get("/api/v1/incidents/" + UUID.randomUUID() + "/export").status())
        .isEqualTo(404);
  }

  private static Chain.Stored stored(JsonNode entry) {
    return new Chain.Stored(
        entry.path("seq").asLong(),
        Instant.parse(entry.path("ts").asString()),
        TimelineKind.valueOf(entry.path("kind").asString()),
        new Actor(
            Actor.Type.valueOf(entry.path("actor").path("type").asString()),
            entry.path("actor").path("name").asString()),
        entry.path("summary").asString(),
        CanonicalJson.of(JSON.treeToValue(entry.path("data"), Map.class)),
        entry.path("hash").asString(),
        entry.path("previousHash").asString());
  }
}

package dev.watchtower.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.system.StandInModel.Mood;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Whatever the model does, an analysis arrives within its deadline and says what it is worth. */
@ExtendWith(Suite.class)
class ModelIT {
  /** {@code analysis.deadline} of the catalog and what carrying it over takes. */
  private static final Duration DEADLINE = Duration.ofSeconds(25);

  @AfterEach
  void soundAgain() {
    Suite.MODEL.mood(Mood.SOUND);
  }

  @Test
  void aSoundModelWordsTheAnalysis() throws Exception {
    var analysis = analysisOf(Mood.SOUND, "model-sound");

    assertThat(analysis.path("source").asString()).isEqualTo("LLM");
    assertThat(analysis.path("model").asString()).isEqualTo("stand-in");
    assertThat(analysis.path("hypotheses").path(0).path("statement").asString())
        .contains("stand-in model suspects");
  }

  @ParameterizedTest
  @EnumSource(names = "SOUND", mode = EnumSource.Mode.EXCLUDE)
  void theStatisticsStandInForAModelThatFails(Mood mood) throws Exception {
    var env = "model-" + mood.name().toLowerCase(Locale.ROOT);
    // Three faults in a row and the model would not be asked at all.
    analysisOf(Mood.SOUND, env + "-before");
    var analysis = analysisOf(mood, env);

    assertThat(analysis.path("status").asString()).isEqualTo("DONE");
    assertThat(analysis.path("source").asString()).isEqualTo("STATISTICAL");
    assertThat(analysis.path("degraded").asString("")).as("the reason").isNotBlank();
    assertThat(analysis.path("hypotheses").toString()).doesNotContain("stand-in", "e9999", "moon");
    for (var hypothesis : analysis.path("hypotheses")) {
      assertThat(hypothesis.path("evidence").isEmpty()).isFalse();
    }
  }

  /** The first analysis of a new incident, opened while the model is in that mood. */
  private static JsonNode analysisOf(Mood mood, String env) throws Exception {
    Suite.MODEL.mood(mood);
    signal(env, "FIRING");
    var incident =
        Suite.get("incident", "/api/v1/incidents?env=" + env)
            .path("items")
            .path(0)
            .path("id")
            .asString();
    var found = new JsonNode[1];
    await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(250))
        .ignoreExceptionsInstanceOf(IOException.class)
        .ignoreExceptionsInstanceOf(IllegalStateException.class)
        .untilAsserted(() -> {
          assertThat(
                  Suite.get("incident", "/api/v1/incidents/" + incident + "/timeline").toString())
              .contains("\"ANALYSIS\"");
          for (var analysis :
              Suite.get("analysis", "/api/v1/analyses?incident=" + incident).path("items")) {
            if (analysis.path("status").asString().equals("DONE")) {
              found[0] = analysis;
            }
          }
          assertThat(found[0]).isNotNull();
        });
    signal(env, "CLEARED");
    return found[0];
  }

  private static void signal(String env, String status) throws Exception {
    Suite.post(
        "incident",
        "/api/v1/signals",
        """
        {"id":"%s","fingerprint":"%s","kind":"EXTERNAL","status":"%s","rule":"reported",
         "service":"inventory","env":"%s","severity":"SEV3","summary":"reported from outside","at":"%s"}\
        """
            .formatted(UUID.randomUUID(), env, status, env, Instant.ofEpochSecond(1_767_225_600)));
  }
}

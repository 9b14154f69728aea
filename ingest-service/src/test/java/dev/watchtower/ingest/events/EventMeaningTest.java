package dev.watchtower.ingest.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EventMeaningTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Test
  void takesAnEnvironmentForAnEnvironmentAndNotForAService() {
    var meaning = cdevent("environment.modified.0.2.0", "{\"id\":\"eu/prod\"}");

    assertThat(meaning.service()).isNull();
    assertThat(meaning.env()).isEqualTo("prod");
    assertThat(meaning.summary()).isEqualTo("environment prod modified");
  }

  @Test
  void takesTheSubjectForTheServiceElsewhere() {
    var meaning =
        cdevent(
            "service.upgraded.0.2.0",
            "{\"id\":\"shop/cart\",\"content\":{\"environment\":{\"id\":\"eu/prod\"}}}");

    assertThat(meaning.service()).isEqualTo("cart");
    assertThat(meaning.env()).isEqualTo("prod");
    assertThat(meaning.summary()).isEqualTo("cart upgraded in prod");
  }

  private static EventMeaning cdevent(String type, String subject) {
    return EventMeaning.of(
        "dev.cdevents." + type, null, JSON.readTree("{\"subject\":" + subject + "}"));
  }
}

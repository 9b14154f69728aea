package dev.watchtower.ingest.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  void takesTheSubjectForTheService() {
    var meaning =
        cdevent(
            "service.upgraded.0.2.0",
            "{\"id\":\"shop/cart\",\"content\":{\"environment\":{\"id\":\"eu/prod\"}}}");

    assertThat(meaning.service()).isEqualTo("cart");
    assertThat(meaning.env()).isEqualTo("prod");
    assertThat(meaning.summary()).isEqualTo("cart upgraded in prod");
  }

  /** A run, a build or an incident is no service; whoever tells of it may say of which it is. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pipelinerun.finished.0.2.0 | - | ,'service':'checkout','env':'prod'"
            + " | pipelinerun x7f2 finished for checkout in prod",
        "incident.detected.0.2.0    | ,'content':{'service':{'id':'shop/checkout'},"
            + "'environment':{'id':'prod'}} | ,'service':'other','env':'other'"
            + " | incident x7f2 detected for checkout in prod",
      })
  void takesTheServiceOfOtherSubjectsFromWhereItIsSaid(
      String type, String content, String data, String summary) {
    var meaning =
        EventMeaning.of(
            "dev.cdevents." + type,
            "the run",
            JSON.readTree(
                "{'subject':{'id':'/runs/x7f2'%s}%s}"
                    .formatted(content.equals("-") ? "" : content, data)
                    .replace('\'', '"')));

    assertThat(meaning.service()).isEqualTo("checkout");
    assertThat(meaning.env()).isEqualTo("prod");
    assertThat(meaning.summary()).isEqualTo(summary);
  }

  @Test
  void takesTheSubjectOfTheEventWhereNothingElseNamesAService() {
    var data = JSON.readTree("{\"subject\":{\"id\":\"pkg:oci/checkout@1\"}}");
    var type = "dev.cdevents.artifact.published.0.2.0";

    assertThat(EventMeaning.of(type, "checkout", data).service()).isEqualTo("checkout");
    assertThat(EventMeaning.of(type, null, data).service()).isNull();
    assertThat(EventMeaning.of(type, null, data).summary())
        .isEqualTo("artifact checkout@1 published");
  }

  /** The SDK of CDEvents for Go sets the subject of the event to the id of the subject. */
  @Test
  void takesNoRunForAServiceThoughTheSubjectOfTheEventIsTheRun() {
    var data = JSON.readTree("{\"subject\":{\"id\":\"run-4711\"}}");

    var run = EventMeaning.of("dev.cdevents.pipelinerun.finished.0.2.0", "run-4711", data);
    var service = EventMeaning.of("dev.cdevents.service.deployed.0.3.0", "run-4711", data);

    assertThat(run.service()).isNull();
    assertThat(run.summary()).isEqualTo("pipelinerun run-4711 finished");
    assertThat(service.service()).isEqualTo("run-4711");
  }

  private static EventMeaning cdevent(String type, String subject) {
    return EventMeaning.of(
        "dev.cdevents." + type, null, JSON.readTree("{\"subject\":" + subject + "}"));
  }
}

package dev.watchtower.incident.postmortem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Actor;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PostmortemTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final Actor ANN = Actor.person("ann");

  private static Postmortem drafted(String summary, String impact) {
    return new Postmortem(UUID.randomUUID(), 0, Map.of(), ANN, NOW)
        .redrafted(
            Map.of(Section.SUMMARY, summary, Section.IMPACT, impact), Actor.policy("x"), NOW);
  }

  @Test
  void aRedraftNeverOverwritesWhatAPersonWrote() {
    var edited = drafted("draft", "draft").edited(Map.of(Section.SUMMARY, "mine"), ANN, NOW);

    var redrafted =
        edited.redrafted(
            Map.of(Section.SUMMARY, "new draft", Section.IMPACT, "new draft"), ANN, NOW);

    assertThat(redrafted.section(Section.SUMMARY)).isEqualTo(new Postmortem.Text("mine", "ann"));
    assertThat(redrafted.section(Section.IMPACT)).isEqualTo(new Postmortem.Text("new draft", null));
    assertThat(redrafted.revision()).isEqualTo(3);
  }

  @Test
  void aPersonMayAlsoDeleteASectionAndItStaysDeleted() {
    var edited = drafted("draft", "draft").edited(Map.of(Section.IMPACT, ""), ANN, NOW);

    assertThat(edited.redrafted(Map.of(Section.IMPACT, "again"), ANN, NOW).section(Section.IMPACT))
        .isEqualTo(new Postmortem.Text("", "ann"));
  }

  @Test
  void whatAPersonSendsBackUnchangedStaysTheSystemsDraft() {
    var edited = drafted("draft", "draft").edited(Map.of(Section.SUMMARY, "draft"), ANN, NOW);

    assertThat(edited.section(Section.SUMMARY).editedBy()).isNull();
  }

  @Test
  void noRevisionIsOlderThanTheOneBeforeIt() {
    var edited = drafted("draft", "draft").edited(Map.of(), ANN, NOW.plusSeconds(5));

    assertThat(edited.redrafted(Map.of(), ANN, NOW).at()).isEqualTo(edited.at());
    assertThat(edited.edited(Map.of(), ANN, NOW.plusSeconds(9)).at()).isAfter(edited.at());
  }

  @Test
  void textFromTelemetryBecomesNoMarkup() {
    assertThat(DraftText.plain(" ![x](http://evil) <b>\n# *bold*\u202e `c` "))
        .isEqualTo("\\!\\[x\\](http://evil) \\<b\\> \\# \\*bold\\* \\`c\\`");
  }
}

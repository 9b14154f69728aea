package dev.watchtower.incident.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChainTest {
  private static final UUID INCIDENT = UUID.fromString("00000000-0000-0000-0000-000000000001");
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00.123456789Z");

  private static Draft draft(String summary, Map<String, Object> data) {
    return new Draft(NOW, TimelineKind.ANNOTATION, Actor.person("ann"), summary, data);
  }

  private static List<Chain.Stored> threeEntries() {
    var chain = new Chain(INCIDENT);
    return new ArrayList<>(
        List.of(
            chain.add(draft("one", Map.of("a", 1))),
            chain.add(draft("two", Map.of())),
            chain.add(draft("three", Map.of()))));
  }

  private static String verify(UUID incident, List<Chain.Stored> entries) {
    var chain = new Chain(incident);
    for (var entry : entries) {
      var fault = chain.check(entry);
      if (!fault.isEmpty()) {
        return fault;
      }
    }
    return "";
  }

  @Test
  void acceptsWhatItWrote() {
    assertThat(verify(INCIDENT, threeEntries())).isEmpty();
  }

  @Test
  void noticesAChangedText() {
    var entries = threeEntries();
    var second = entries.get(1);
    entries.set(
        1,
        new Chain.Stored(
            2,
            second.ts(),
            second.kind(),
            second.actor(),
            "two!",
            second.data(),
            second.hash(),
            second.previousHash()));

    assertThat(verify(INCIDENT, entries)).contains("content of entry 2");
  }

  @Test
  void noticesAnEntryThatWasChangedTogetherWithItsHash() {
    var entries = threeEntries();
    var forged = new Chain(INCIDENT, 1, entries.getFirst().hash()).add(draft("forged", Map.of()));
    entries.set(1, forged);

    assertThat(verify(INCIDENT, entries)).contains("entry 3 does not refer");
  }

  @Test
  void noticesARemovedEntry() {
    var entries = threeEntries();
    entries.remove(1);

    assertThat(verify(INCIDENT, entries)).contains("entry 2 is missing");
  }

  @Test
  void noticesATimelineOfAnotherIncident() {
    assertThat(verify(UUID.randomUUID(), threeEntries())).contains("content of entry 1");
  }

  @Test
  void writesEqualDataInOneWayOnly() {
    var one = new LinkedHashMap<String, Object>();
    one.put("b", 1.50);
    one.put("a", List.of(1e3, "x\n\"", true));
    var other = new LinkedHashMap<String, Object>();
    other.put("a", List.of(1000, "x\n\"", true));
    other.put("b", 1.5f);

    assertThat(CanonicalJson.of(one))
        .isEqualTo(CanonicalJson.of(other))
        .isEqualTo("{\"a\":[1000,\"x\\n\\\"\",true],\"b\":1.5}");
  }

  @Test
  void writesControlCharactersAndNumbersThatJsonLacks() {
    assertThat(CanonicalJson.of(List.of("\u0001\u0000\t\r", Double.NaN, 0.0, -0.0)))
        .isEqualTo("[\"\\u0001\\t\\r\",null,0,0]");
  }

  @Test
  void keepsTimesToTheMicrosecondAsTheDatabaseDoes() {
    assertThat(draft("x", Map.of()).ts()).isEqualTo(Instant.parse("2026-03-02T10:00:00.123456Z"));
  }

  @Test
  void cutsSummariesThatAreTooLong() {
    assertThat(draft("x".repeat(2000), Map.of()).summary())
        .hasSize(Draft.MAX_SUMMARY)
        .endsWith("…");
  }
}

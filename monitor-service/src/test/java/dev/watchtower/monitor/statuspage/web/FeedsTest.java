package dev.watchtower.monitor.statuspage.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.monitor.statuspage.ComponentStatus;
import dev.watchtower.monitor.statuspage.Indicator;
import dev.watchtower.monitor.statuspage.PublicIncident;
import dev.watchtower.monitor.statuspage.PublicStatus;
import dev.watchtower.monitor.statuspage.StatusReport;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class FeedsTest {
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");

  private static PublicIncident incident(String name, Instant began, Instant ended, String said) {
    return new PublicIncident(
        UUID.randomUUID(),
        name,
        Indicator.MAJOR,
        PublicStatus.RESOLVED,
        List.of("Checkout"),
        Set.of("checkout"),
        true,
        began,
        ended,
        null,
        ended,
        List.of(new PublicIncident.Update(UUID.randomUUID(), PublicStatus.RESOLVED, said, began)));
  }

  private static StatusReport report(String said, long measured) {
    return report(measured, List.of(incident("Checkout", AT, AT.plusSeconds(60), said)));
  }

  private static StatusReport report(long measured, List<PublicIncident> incidents) {
    var day = new StatusReport.Day(LocalDate.parse("2026-03-02"), measured, 0, 0);
    return new StatusReport(
        "Status",
        "",
        Indicator.NONE,
        "All Systems Operational",
        List.of(
            new StatusReport.Component(
                "Checkout", "", ComponentStatus.OPERATIONAL, AT, "100", List.of(day))),
        List.of(),
        incidents,
        List.of(),
        LocalDate.parse("2026-03-02"),
        null,
        false);
  }

  @Test
  void stayWellFormedWhateverWasPublished() throws Exception {
    var said = "half \uD83D, bell \u0007, \u0000, \uFFFF; kept: \uD83D\uDE80 \t <b>&";
    var feeds = new Feeds(report(said, 1), AT, "http://x");
    for (var feed : List.of(feeds.atom(), feeds.rss())) {
      var text =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(feed)))
              .getDocumentElement()
              .getTextContent();
      assertThat(text).contains("half , bell , , ; kept: \uD83D\uDE80 \t <b>&");
    }
  }

  @Test
  void theLastChangeIsThatOfWhatIsToldAndNotOfWhatWasMeasured() {
    assertThat(report("x", 7).lastChange()).hasValue(AT.plusSeconds(60));
    assertThat(report("x", 8).lastChange()).isEqualTo(report("x", 7).lastChange());
  }

  @Test
  void leadToTheHistoryOnceThePageTellsOfItNoMore() {
    var began = Instant.parse("2025-11-30T23:00:00Z");
    var old = incident("old", began, AT.minus(Duration.ofDays(20)), "x");
    var late = incident("long", began, AT.minus(Duration.ofDays(2)), "x");
    var feeds = new Feeds(report(1, List.of(old, late)), AT, "http://x");

    assertThat(feeds.atom())
        .contains("http://x/status/history?month=2025-11#i-" + old.id())
        .contains("http://x/status#i-" + late.id());
    assertThat(feeds.rss()).contains("http://x/status/history?month=2025-11#i-" + old.id());
  }

  @Test
  void tellTheEndOfALongIncidentHoweverManyHaveComeSince() {
    var incidents = new ArrayList<PublicIncident>();
    for (int i = 0; i < 60; i++) {
      var at = AT.minus(Duration.ofHours(i + 1L));
      incidents.add(incident("short " + i, at, at.plusSeconds(60), "x"));
    }
    incidents.add(incident("long", AT.minus(Duration.ofDays(20)), AT.minusSeconds(60), "x"));
    var report = report(1, incidents);
    var feeds = new Feeds(report, AT, "http://x");

    assertThat(feeds.atom()).contains("long (Resolved)").doesNotContain("short 49 ");
    assertThat(feeds.rss().indexOf("long (Resolved)")).isLessThan(feeds.rss().indexOf("short 0 "));
    assertThat(PageView.of(report, AT, "http://x").past().getFirst().name()).isEqualTo("long");
  }
}

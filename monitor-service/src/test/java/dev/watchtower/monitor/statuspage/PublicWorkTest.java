package dev.watchtower.monitor.statuspage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.monitor.lastknown.MaintenanceWindow;
import dev.watchtower.monitor.lastknown.MaintenanceWindow.Span;
import dev.watchtower.monitor.statuspage.PublicMaintenance.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublicWorkTest {
  private static final Instant FROM = Instant.parse("2026-03-02T20:00:00Z");
  private static final Instant TO = FROM.plus(Duration.ofHours(2));
  private static final UUID ID = UUID.fromString("1b4e28ba-2fa1-11d2-883f-0016d3cca427");
  private final Catalog catalog = catalog();

  private static Catalog catalog() {
    try {
      var file = Path.of("../config/watchtower.yaml");
      return new CatalogParser(_ -> null).parse(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MaintenanceWindow once(List<String> services, @Nullable Instant ended) {
    return new MaintenanceWindow(
        ID,
        services,
        List.of("prod"),
        false,
        null,
        new Span(FROM, TO),
        List.of(),
        FROM,
        TO,
        ended,
        FROM.minus(Duration.ofDays(1)));
  }

  private List<PublicMaintenance> told(MaintenanceWindow window, Instant now) {
    return PublicWork.of(List.of(window), catalog, now);
  }

  @Test
  void goesFromScheduledOverInProgressToCompletedByTheClockAlone() {
    var window = once(List.of("checkout"), null);

    assertThat(told(window, FROM.minusSeconds(1)).getFirst().status()).isEqualTo(Status.SCHEDULED);
    assertThat(told(window, FROM).getFirst().status()).isEqualTo(Status.IN_PROGRESS);
    assertThat(told(window, TO.minusSeconds(1)).getFirst().status()).isEqualTo(Status.IN_PROGRESS);
    assertThat(told(window, TO).getFirst().status()).isEqualTo(Status.COMPLETED);
    assertThat(told(window, TO).getFirst().id())
        .isEqualTo(told(window, FROM.minusSeconds(1)).getFirst().id());
  }

  @Test
  void isForgottenTwoWeeksAfterItsEnd() {
    var window = once(List.of("checkout"), null);

    assertThat(told(window, TO.plus(Duration.ofDays(13)))).hasSize(1);
    assertThat(told(window, TO.plus(Duration.ofDays(15)))).isEmpty();
  }

  @Test
  void endsWhenSomebodyEndsIt() {
    var work = told(once(List.of("checkout"), FROM.plusSeconds(600)), FROM.plusSeconds(601));

    assertThat(work.getFirst().status()).isEqualTo(Status.COMPLETED);
    assertThat(work.getFirst().until()).isEqualTo(FROM.plusSeconds(600));
  }

  @Test
  void isNotToldWhenItWasCalledOffBeforeItBegan() {
    assertThat(told(once(List.of("checkout"), FROM.minusSeconds(60)), FROM)).isEmpty();
  }

  @Test
  void namesTheComponentsThatItTouchesAndNoOthers() {
    assertThat(told(once(List.of("check*"), null), FROM).getFirst().components())
        .containsExactly("Checkout");
    assertThat(told(once(List.of(), null), FROM).getFirst().components())
        .contains("Checkout", "Storefront");
    assertThat(told(once(List.of("billing"), null), FROM)).isEmpty();
  }

  @Test
  void ofWhatRecursThePastStretchesTheOneNowAndTheNextAreTold() {
    var next = new Span(FROM.plus(Duration.ofDays(7)), TO.plus(Duration.ofDays(7)));
    var weekly =
        new MaintenanceWindow(
            ID,
            List.of("checkout"),
            List.of(),
            true,
            new Span(FROM, TO),
            next,
            List.of(new Span(FROM.minus(Duration.ofDays(7)), TO.minus(Duration.ofDays(7)))),
            FROM.minus(Duration.ofDays(70)),
            null,
            null,
            FROM.minus(Duration.ofDays(70)));

    assertThat(told(weekly, FROM.plusSeconds(60)))
        .extracting(PublicMaintenance::status)
        .containsExactly(Status.COMPLETED, Status.IN_PROGRESS, Status.SCHEDULED);
    // While incident-service is away the copy goes on by itself.
    assertThat(told(weekly, next.from()))
        .extracting(PublicMaintenance::status)
        .containsExactly(Status.COMPLETED, Status.COMPLETED, Status.IN_PROGRESS);
  }

  @Test
  void saysWhatCustomersNeedAndNothingOfTheInside() {
    var work = told(once(List.of("checkout"), null), FROM).getFirst();

    assertThat(work.name()).isEqualTo("Maintenance of Checkout");
    assertThat(work.body(Status.IN_PROGRESS)).contains("Checkout may be unavailable");
  }
}

package dev.watchtower.monitor.statuspage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.common.wire.StatusUpdate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublicWordsTest {
  static final Instant OPENED = Instant.parse("2026-03-02T10:00:00Z");
  private static final UUID ID = UUID.randomUUID();
  private final Catalog catalog = catalog("", "");

  static Catalog catalog(String instead, String of) {
    try {
      var file = Path.of("../config/watchtower.yaml");
      var text = Files.readString(file).replace(instead, of);
      return new CatalogParser(_ -> null)
          .parse(file.toString(), text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static IncidentView incident(
      IncidentState state,
      String service,
      String rule,
      SignalKind kind,
      @Nullable Instant mitigated) {
    return new IncidentView(
        ID,
        7,
        "secret inside words of db-host-17",
        state,
        Severity.SEV2,
        service,
        "prod",
        1,
        OPENED,
        null,
        mitigated,
        state == IncidentState.RESOLVED ? OPENED.plusSeconds(90) : null,
        "ann",
        List.of(),
        List.of(
            new IncidentSignal(
                "f",
                kind,
                SignalStatus.FIRING,
                rule,
                service,
                Severity.SEV2,
                "secret",
                OPENED,
                null,
                null)),
        null);
  }

  private PublicIncident told(@Nullable PublicIncident before, IncidentState state, int second) {
    boolean mitigated = state == IncidentState.MITIGATED || state == IncidentState.RESOLVED;
    return PublicWords.of(
            before,
            incident(
                state,
                "checkout",
                "high-error-rate",
                SignalKind.THRESHOLD,
                mitigated ? OPENED.plusSeconds(60) : null),
            catalog,
            OPENED.plusSeconds(second))
        .orElseThrow();
  }

  @Test
  void saysNothingOfTheInside() {
    var told = told(null, IncidentState.OPEN, 1);

    assertThat(told.name()).isEqualTo("Checkout: elevated errors");
    assertThat(told.toString()).doesNotContain("secret").doesNotContain("ann");
  }

  @Test
  void whenAnIncidentComesToBeAboutWhatItsServiceCallsBothComponentsAreTold() {
    var first =
        PublicWords.of(
                null,
                incident(
                    IncidentState.OPEN,
                    "storefront",
                    "high-error-rate",
                    SignalKind.THRESHOLD,
                    null),
                catalog,
                OPENED)
            .orElseThrow();

    var then = told(first, IncidentState.OPEN, 4);

    assertThat(first.components()).containsExactly("Storefront");
    assertThat(then.components()).containsExactly("Storefront", "Checkout");
  }

  @Test
  void tellsEachStepOnceInPublicWords() {
    var told = told(null, IncidentState.OPEN, 1);
    told = told(told, IncidentState.ACKNOWLEDGED, 5);
    told = told(told, IncidentState.INVESTIGATING, 6);
    told = told(told, IncidentState.IDENTIFIED, 30);
    told = told(told, IncidentState.MITIGATED, 61);
    told = told(told, IncidentState.INVESTIGATING, 70);
    told = told(told, IncidentState.MITIGATED, 80);
    told = told(told, IncidentState.RESOLVED, 91);

    assertThat(told.updates())
        .extracting(PublicIncident.Update::status)
        .containsExactly(
            PublicStatus.INVESTIGATING,
            PublicStatus.IDENTIFIED,
            PublicStatus.MONITORING,
            PublicStatus.INVESTIGATING,
            PublicStatus.MONITORING,
            PublicStatus.RESOLVED);
    assertThat(told.updates().get(3).body()).contains("back");
    assertThat(told.updates().getFirst().at()).isEqualTo(OPENED);
    assertThat(told.updates().getLast().at()).isEqualTo(OPENED.plusSeconds(90));
  }

  @Test
  void makesUpForStepsThatWereNotHeard() {
    var told = told(null, IncidentState.MITIGATED, 100);

    assertThat(told.updates())
        .extracting(PublicIncident.Update::status)
        .containsExactly(PublicStatus.INVESTIGATING, PublicStatus.MONITORING);
    assertThat(told.updates().getLast().at()).isEqualTo(OPENED.plusSeconds(60));
  }

  @Test
  void keepsQuietAboutWhatIsNoComponent() {
    assertThat(
            PublicWords.of(
                null,
                incident(IncidentState.OPEN, "cron", "x", SignalKind.THRESHOLD, null),
                catalog,
                OPENED))
        .isEmpty();
  }

  @Test
  void tellsNothingNewOfWhatEndedBeforeThePublicHeardOfIt() {
    var over =
        incident(
            IncidentState.RESOLVED,
            "checkout",
            "high-error-rate",
            SignalKind.THRESHOLD,
            OPENED.plusSeconds(60));

    assertThat(PublicWords.of(null, over, catalog, OPENED.plusSeconds(100)))
        .as("its service may belong to a component only since then")
        .isEmpty();
    assertThat(told(told(null, IncidentState.OPEN, 1), IncidentState.RESOLVED, 91).status())
        .isEqualTo(PublicStatus.RESOLVED);
    var published = update("resolved", "Orders work again.", StatusUpdate.State.PUBLISHED);
    assertThat(PublicWords.of(null, saying(over, published), catalog, OPENED)).isPresent();
  }

  @Test
  void callsADeadServiceUnavailableAndAFalseAlarmOne() {
    var down = incident(IncidentState.OPEN, "checkout", "p", SignalKind.SERVICE_DOWN, null);
    var told =
        PublicWords.of(
                PublicWords.of(null, down, catalog, OPENED).orElseThrow(),
                incident(IncidentState.RESOLVED, "checkout", "p", SignalKind.SERVICE_DOWN, null),
                catalog,
                OPENED)
            .orElseThrow();

    assertThat(told.name()).isEqualTo("Checkout unavailable");
    assertThat(told.updates().getLast().body()).contains("false alarm");
  }

  private static IncidentView saying(IncidentView incident, StatusUpdate... updates) {
    return new IncidentView(
        incident.id(),
        incident.number(),
        incident.title(),
        incident.state(),
        incident.severity(),
        incident.service(),
        incident.env(),
        incident.version(),
        incident.openedAt(),
        incident.acknowledgedAt(),
        incident.mitigatedAt(),
        incident.resolvedAt(),
        incident.assignee(),
        incident.allowedEvents(),
        incident.signals(),
        incident.recurrenceOf(),
        "PERSON ann",
        List.of(),
        List.of(),
        false,
        List.of(updates),
        false);
  }

  private static StatusUpdate update(String status, String body, StatusUpdate.State state) {
    return new StatusUpdate(
        UUID.nameUUIDFromBytes(body.getBytes(StandardCharsets.UTF_8)),
        status,
        body,
        state,
        OPENED.plusSeconds(5),
        state == StatusUpdate.State.PUBLISHED ? OPENED.plusSeconds(9) : null,
        "ann");
  }

  private Optional<PublicIncident> cron(@Nullable PublicIncident before, StatusUpdate... updates) {
    var inside = incident(IncidentState.OPEN, "cron", "x", SignalKind.THRESHOLD, null);
    return PublicWords.of(before, saying(inside, updates), catalog, OPENED);
  }

  @Test
  void tellsWhatAPersonPublishedOfWhatIsNoComponentAndNamesNothingOfTheInside() {
    var draft = update("investigating", "Wait.", StatusUpdate.State.DRAFT);
    assertThat(cron(null, draft)).isEmpty();

    var told =
        cron(null, draft, update("identified", "Mails are late.", StatusUpdate.State.PUBLISHED))
            .orElseThrow();

    assertThat(told.name()).isEqualTo("Service incident");
    assertThat(told.components()).isEmpty();
    assertThat(told.status()).isEqualTo(PublicStatus.IDENTIFIED);
    assertThat(told.updates())
        .extracting(PublicIncident.Update::body)
        .containsExactly("Mails are late.");
    assertThat(told.toString()).doesNotContain("secret");
    assertThat(told.services()).as("kept, and shown nowhere").containsExactly("cron");
    assertThat(told(told, IncidentState.OPEN, 1).name())
        .as("once it touches a component")
        .isEqualTo("Checkout: elevated errors");
  }

  private static IncidentView open() {
    return incident(IncidentState.OPEN, "checkout", "high-error-rate", SignalKind.THRESHOLD, null);
  }

  @Test
  void tellsExactlyWhatWasPublishedAndNoDraft() {
    var before = told(null, IncidentState.OPEN, 1);

    var told =
        PublicWords.of(
                before,
                saying(
                    open(),
                    update("investigating", "Orders fail.", StatusUpdate.State.PUBLISHED),
                    update("identified", "Nobody may read this yet", StatusUpdate.State.DRAFT),
                    update("identified", "Nor this", StatusUpdate.State.DISCARDED)),
                catalog,
                OPENED.plusSeconds(10))
            .orElseThrow();

    assertThat(told.updates())
        .extracting(PublicIncident.Update::body)
        .containsExactly("Orders fail.");
    assertThat(told.updates().getFirst().at()).isEqualTo(OPENED.plusSeconds(9));
    assertThat(told.toString()).doesNotContain("ann").doesNotContain("read this");
  }

  @Test
  void standsWhereThePublishedWordsSayEvenWhenTheIncidentIsFurther() {
    var resolved =
        incident(
            IncidentState.RESOLVED,
            "checkout",
            "high-error-rate",
            SignalKind.THRESHOLD,
            OPENED.plusSeconds(60));
    var monitoring = update("monitoring", "It works again.", StatusUpdate.State.PUBLISHED);

    var told =
        PublicWords.of(null, saying(resolved, monitoring), catalog, OPENED.plusSeconds(100))
            .orElseThrow();

    assertThat(told.status()).isEqualTo(PublicStatus.MONITORING);
    assertThat(told.resolvedAt()).isNull();
  }

  @Test
  void waitsForAPersonWhereTheCatalogAsksForDrafts() {
    var drafts = catalog("updates: auto", "updates: draft");

    assertThat(PublicWords.of(null, open(), drafts, OPENED)).isEmpty();
    assertThat(
            PublicWords.of(
                null,
                saying(open(), update("investigating", "Now.", StatusUpdate.State.PUBLISHED)),
                drafts,
                OPENED))
        .isPresent();
  }

  @Test
  void worksOnComponentsOnlyUntilItIsMitigated() {
    assertThat(PublicWords.effect(told(null, IncidentState.OPEN, 1)))
        .isEqualTo(ComponentStatus.PARTIAL_OUTAGE);
    assertThat(PublicWords.effect(told(null, IncidentState.MITIGATED, 1)))
        .isEqualTo(ComponentStatus.OPERATIONAL);
  }

  @Test
  void isOverWhenItsComponentsWorkAgainEvenIfNobodyHasPublishedThat() {
    var published = update("investigating", "Orders fail.", StatusUpdate.State.PUBLISHED);
    var draft = update("resolved", "Orders work again.", StatusUpdate.State.DRAFT);
    for (var state : List.of(IncidentState.MITIGATED, IncidentState.RESOLVED)) {
      var incident =
          incident(
              state, "checkout", "high-error-rate", SignalKind.THRESHOLD, OPENED.plusSeconds(60));
      var told =
          PublicWords.of(null, saying(incident, published, draft), catalog, OPENED.plusSeconds(99))
              .orElseThrow();
      assertThat(told.status()).isEqualTo(PublicStatus.INVESTIGATING);
      assertThat(PublicWords.effect(told)).isEqualTo(ComponentStatus.OPERATIONAL);
    }
    var open = PublicWords.of(null, saying(open(), published), catalog, OPENED).orElseThrow();
    assertThat(PublicWords.effect(open)).isEqualTo(ComponentStatus.PARTIAL_OUTAGE);
  }

  @Test
  void closesWhatItsOwnerKnowsNoMoreWithoutSayingWhy() {
    var closed = PublicWords.closed(told(null, IncidentState.OPEN, 1), OPENED.plusSeconds(60));

    assertThat(closed.status()).isEqualTo(PublicStatus.RESOLVED);
    assertThat(closed.resolvedAt()).isEqualTo(OPENED.plusSeconds(60));
    assertThat(closed.updates().getLast().body()).isEqualTo("This incident is closed.");
    assertThat(told(closed, IncidentState.OPEN, 70).updates().getLast().body())
        .isEqualTo("The problem is back, and we are looking into it again.");
  }

  @Test
  void whatWasMergedIsOffThePageWithTheLastWordThatWasSaid() {
    var open = incident(IncidentState.RESOLVED, "checkout", "r", SignalKind.THRESHOLD, null);
    var joined =
        new StatusUpdate(
            UUID.randomUUID(),
            "investigating",
            "We are now following this together with another incident.",
            StatusUpdate.State.PUBLISHED,
            OPENED.plusSeconds(90),
            OPENED.plusSeconds(90),
            "status-page");

    var told =
        PublicWords.of(null, saying(open, joined), catalog, OPENED.plusSeconds(91)).orElseThrow();

    assertThat(told.status()).isEqualTo(PublicStatus.RESOLVED);
    assertThat(told.updates().getLast().status()).isEqualTo(PublicStatus.INVESTIGATING);
  }
}

package dev.watchtower.incident.statusupdate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.common.wire.StatusUpdate;
import dev.watchtower.common.wire.StatusUpdate.State;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Drafts that wait for a person, {@code updates: draft}, and the drafts of persons beside what is
 * published.
 */
class StatusWatchTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final UUID ID = new UUID(0, 1);
  private static final Catalog CATALOG = catalog("draft");

  private static Catalog catalog(String mode) {
    return new CatalogParser(name -> null)
        .parse(
            "test",
            """
            version: 1
            services:
              - {name: shop, environments: [prod]}
              - {name: inner, environments: [prod]}
              - {name: pay, environments: [prod]}
            status-page:
              updates: %s
              components:
                - {name: Shop, env: prod, services: [shop]}
                - {name: Payments, env: prod, services: [pay]}
            """
                .formatted(mode)
                .getBytes(StandardCharsets.UTF_8));
  }

  /** Updates in a list. */
  private static final class Listed implements StatusUpdates {
    private final List<StatusUpdate> all = new ArrayList<>();

    @Override
    public List<StatusUpdate> of(UUID incident) {
      return List.copyOf(all);
    }

    @Override
    public Optional<StatusUpdate> find(UUID incident, UUID update) {
      return all.stream().filter(u -> u.id().equals(update)).findFirst();
    }

    @Override
    public void add(UUID incident, StatusUpdate update) {
      all.add(update);
    }

    @Override
    public void store(StatusUpdate update) {
      all.replaceAll(u -> u.id().equals(update.id()) ? update : u);
    }

    @Override
    public void discardDrafts(UUID incident, String author) {
      all.replaceAll(u ->
          u.state() == State.DRAFT && u.by().equals(author)
              ? new StatusUpdate(
                  u.id(), u.status(), u.body(), State.DISCARDED, u.createdAt(), null, u.by())
              : u);
    }
  }

  private final Listed updates = new Listed();
  private final StatusWatch watch =
      new StatusWatch(
          updates, id -> Optional.empty(), () -> CATALOG, Clock.fixed(NOW, ZoneOffset.UTC));

  private static Incident incident(String service, IncidentState state) {
    return new Incident(
        ID,
        1,
        new Incident.Subject("t", service, "prod", null),
        state,
        Incident.Grade.byRule(Severity.SEV2),
        new Incident.Marks(null, NOW, null, null, null),
        null,
        Incident.Timers.NONE,
        1,
        1,
        List.of());
  }

  private StatusWatch publishing() {
    var auto = catalog("auto");
    return new StatusWatch(
        updates, id -> Optional.empty(), () -> auto, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @Test
  void nothingIsToldBeforeAPersonSaysSo() {
    var entries = watch.entriesFor(null, incident("shop", IncidentState.OPEN), Cause.NONE);

    assertThat(entries).isEmpty();
    assertThat(updates.all).hasSize(1);
    assertThat(updates.all.getFirst().state()).isEqualTo(State.DRAFT);
    assertThat(updates.all.getFirst().status()).isEqualTo("investigating");
  }

  @Test
  void aDraftThatSaysWhatIsOverIsDiscarded() {
    var open = incident("shop", IncidentState.OPEN);
    watch.entriesFor(null, open, Cause.NONE);
    watch.entriesFor(open, incident("shop", IncidentState.ACKNOWLEDGED), Cause.NONE);
    watch.entriesFor(open, incident("shop", IncidentState.MITIGATED), Cause.NONE);

    assertThat(updates.all)
        .extracting(u -> u.status() + " " + u.state())
        .containsExactly("investigating DISCARDED", "monitoring DRAFT");
  }

  @Test
  void aDraftThatAPersonDiscardedIsNotWrittenAgainWithTheSameWord() {
    var open = incident("shop", IncidentState.OPEN);
    var taken = incident("shop", IncidentState.ACKNOWLEDGED);
    watch.entriesFor(null, open, Cause.NONE);
    discard(updates.all.getFirst());

    watch.entriesFor(open, taken, Cause.NONE);
    watch.entriesFor(taken, withSignalOf("inner", taken), Cause.NONE);
    assertThat(updates.all)
        .extracting(u -> u.status() + " " + u.state())
        .as("the same word, of the same components")
        .containsExactly("investigating DISCARDED");

    watch.entriesFor(taken, withSignalOf("pay", taken), Cause.NONE);
    assertThat(updates.all)
        .extracting(u -> u.status() + " " + u.state())
        .as("another component")
        .containsExactly("investigating DISCARDED", "investigating DRAFT");
    discard(updates.all.getLast());

    watch.entriesFor(taken, incident("shop", IncidentState.IDENTIFIED), Cause.NONE);
    assertThat(updates.all.getLast().status() + " " + updates.all.getLast().state())
        .as("another word")
        .isEqualTo("identified DRAFT");
  }

  private static Incident withSignalOf(String service, Incident incident) {
    return incident.with(
        new IncidentSignal(
            "fp-" + service,
            SignalKind.THRESHOLD,
            SignalStatus.FIRING,
            "r",
            service,
            Severity.SEV2,
            "fails",
            NOW,
            null,
            null));
  }

  private void discard(StatusUpdate draft) {
    updates.store(
        new StatusUpdate(
            draft.id(),
            draft.status(),
            draft.body(),
            State.DISCARDED,
            draft.createdAt(),
            null,
            draft.by()));
  }

  @Test
  void whatAPersonHasEditedIsKept() {
    var open = incident("shop", IncidentState.OPEN);
    watch.entriesFor(null, open, Cause.NONE);
    var draft = updates.all.getFirst();
    updates.store(
        new StatusUpdate(
            draft.id(), draft.status(), "Mine.", State.DRAFT, draft.createdAt(), null, "ann"));
    watch.entriesFor(open, incident("shop", IncidentState.MITIGATED), Cause.NONE);

    assertThat(updates.all)
        .extracting(u -> u.body() + " " + u.state())
        .containsExactly("Mine. DRAFT", "It works again. We keep watching. DRAFT");
  }

  @Test
  void aDraftThatAPersonDiscardedIsNotWrittenAgainBeforeThereIsAnotherWord() {
    var open = incident("shop", IncidentState.OPEN);
    watch.entriesFor(null, open, Cause.NONE);
    var draft = updates.all.getFirst();
    updates.store(
        new StatusUpdate(
            draft.id(), draft.status(), draft.body(), State.DISCARDED, NOW, null, draft.by()));

    var acknowledged = incident("shop", IncidentState.ACKNOWLEDGED);
    watch.entriesFor(open, acknowledged, Cause.NONE);
    watch.entriesFor(acknowledged, acknowledged.about("t", "inner"), Cause.NONE);
    assertThat(updates.all).hasSize(1);

    watch.entriesFor(acknowledged, incident("shop", IncidentState.MITIGATED), Cause.NONE);
    assertThat(updates.all)
        .extracting(u -> u.status() + " " + u.state())
        .containsExactly("investigating DISCARDED", "monitoring DRAFT");
  }

  @Test
  void theDraftOfAPersonKeepsNothingFromBeingPublished() {
    var publishing = publishing();
    var open = incident("shop", IncidentState.OPEN);
    var unused = publishing.entriesFor(null, open, Cause.NONE);
    updates.add(
        ID,
        new StatusUpdate(UUID.randomUUID(), "monitoring", "Mine.", State.DRAFT, NOW, null, "ann"));

    assertThat(publishing.entriesFor(open, incident("shop", IncidentState.MITIGATED), Cause.NONE))
        .hasSize(1);

    assertThat(updates.all)
        .extracting(u -> u.status() + " " + u.state())
        .containsExactly("investigating PUBLISHED", "monitoring DRAFT", "monitoring PUBLISHED");
  }

  @Test
  void whatAPersonSaysHoldsUntilTheStateComesToAnotherWord() {
    var publishing = publishing();
    var open = incident("shop", IncidentState.OPEN);
    var unused = publishing.entriesFor(null, open, Cause.NONE);
    updates.add(
        ID,
        new StatusUpdate(
            UUID.randomUUID(), "monitoring", "Works again.", State.PUBLISHED, NOW, NOW, "ann"));

    var acknowledged = incident("shop", IncidentState.ACKNOWLEDGED);
    assertThat(publishing.entriesFor(open, acknowledged, Cause.NONE)).isEmpty();
    var mitigated = incident("shop", IncidentState.MITIGATED);
    assertThat(publishing.entriesFor(acknowledged, mitigated, Cause.NONE)).isEmpty();
    var relapsed = incident("shop", IncidentState.INVESTIGATING);
    assertThat(publishing.entriesFor(mitigated, relapsed, Cause.NONE)).hasSize(1);

    assertThat(updates.all)
        .extracting(StatusUpdate::body)
        .containsExactly(
            "Something is wrong, and we are looking into it.",
            "Works again.",
            "The problem is back, and we are looking into it again.");
  }

  @Test
  void anIncidentThatComesToTouchAComponentIsToldOf() {
    var inner = incident("inner", IncidentState.OPEN);
    watch.entriesFor(null, inner, Cause.NONE);
    assertThat(updates.all).isEmpty();

    watch.entriesFor(inner, inner.about("t", "shop"), Cause.NONE);

    assertThat(updates.all).hasSize(1);
  }

  @Test
  void whatAPersonSaidDoesNotHoldForAComponentThatItReachesAfterwards() {
    var publishing = publishing();
    var open = incident("shop", IncidentState.INVESTIGATING);
    updates.add(
        ID,
        new StatusUpdate(
            UUID.randomUUID(), "monitoring", "Works again.", State.PUBLISHED, NOW, NOW, "ann"));
    var inside = open.about("t", "inner");
    assertThat(publishing.entriesFor(open, inside, Cause.NONE)).as("no component").isEmpty();

    var elsewhere = open.about("t", "pay");
    assertThat(publishing.entriesFor(open, elsewhere, Cause.NONE)).hasSize(1);
    assertThat(publishing.entriesFor(open, elsewhere, Cause.NONE)).as("the same word").isEmpty();

    assertThat(updates.all)
        .extracting(u -> u.status() + " " + u.state())
        .containsExactly("monitoring PUBLISHED", "investigating PUBLISHED");
  }

  @Test
  void aDraftIsWrittenForAComponentThatItReachesAfterAPersonSpoke() {
    var open = incident("shop", IncidentState.INVESTIGATING);
    updates.add(
        ID,
        new StatusUpdate(
            UUID.randomUUID(), "monitoring", "Works again.", State.PUBLISHED, NOW, NOW, "ann"));

    watch.entriesFor(open, open.about("t", "pay"), Cause.NONE);

    assertThat(updates.all)
        .extracting(u -> u.status() + " " + u.state())
        .containsExactly("monitoring PUBLISHED", "investigating DRAFT");
  }

  @Test
  void whatAPersonToldOfAnIncidentWithoutAComponentIsToldToItsEnd() {
    var publishing = publishing();
    var open = incident("inner", IncidentState.OPEN);
    var mitigated = incident("inner", IncidentState.MITIGATED);
    assertThat(publishing.entriesFor(null, open, Cause.NONE)).isEmpty();
    var told = UUID.randomUUID();
    updates.add(ID, new StatusUpdate(told, "identified", "Late.", State.DRAFT, NOW, null, "ann"));
    assertThat(publishing.entriesFor(open, mitigated, Cause.NONE)).as("a draft").isEmpty();

    updates.store(new StatusUpdate(told, "identified", "Late.", State.PUBLISHED, NOW, NOW, "ann"));
    assertThat(publishing.entriesFor(open, mitigated, Cause.NONE)).hasSize(1);
    assertThat(
            publishing.entriesFor(mitigated, incident("inner", IncidentState.RESOLVED), Cause.NONE))
        .hasSize(1);

    assertThat(updates.all)
        .extracting(u -> u.status() + " " + u.state())
        .containsExactly("identified PUBLISHED", "monitoring PUBLISHED", "resolved PUBLISHED");
  }
}

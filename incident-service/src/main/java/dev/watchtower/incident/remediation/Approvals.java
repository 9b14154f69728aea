package dev.watchtower.incident.remediation;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.remediation.Repair.State;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** Where people say yes or no to risky repairs, one transaction each. Thread-safe. */
public final class Approvals {
  /** What became of a yes or no. */
  public sealed interface Decided {
    /** It counts. */
    record Taken(Repair repair) implements Decided {}

    /** Nobody is waiting for it. */
    record NotAwaited(Repair repair) implements Decided {}

    /** It comes too late. */
    record TooLate(Repair repair) implements Decided {}
  }

  private final Repairs repairs;
  private final IncidentBook book;
  private final Transactions transactions;
  private final Runnable kick;
  private final InstantSource clock;

  /**
   * A desk for approvals.
   *
   * @param kick has approved plans carried out once the transaction is committed
   */
  public Approvals(
      Repairs repairs,
      IncidentBook book,
      Transactions transactions,
      Runnable kick,
      InstantSource clock) {
    this.repairs = repairs;
    this.book = book;
    this.transactions = transactions;
    this.kick = kick;
    this.clock = clock;
  }

  /** A yes; empty if there is no such repair. */
  public Optional<Decided> approve(UUID id, Actor person, String comment) {
    return transactions.retrying(() -> decide(id, person, comment, true));
  }

  /** A no; empty if there is no such repair. */
  public Optional<Decided> reject(UUID id, Actor person, String comment) {
    return transactions.retrying(() -> decide(id, person, comment, false));
  }

  private Optional<Decided> decide(UUID id, Actor person, String comment, boolean yes) {
    var now = clock.instant();
    // The incident before its line, as whoever moves the line does.
    var unused = repairs.find(id).map(repair -> book.incidents().lock(repair.incident()));
    return repairs
        .await(id)
        .map(repair -> {
          if (repair.state() != State.AWAITING_APPROVAL) {
            return new Decided.NotAwaited(repair);
          }
          if (isOver(repair, now)) {
            return new Decided.TooLate(repair);
          }
          if (yes) {
            repairs.approve(id, person.name());
            kick.run();
          } else {
            repairs.rejectedBy(id, person.name());
            repairs.end(id, Repairs.End.notDone(State.REJECTED, why(person, comment)), now);
          }
          book.note(repair.incident(), RepairEntries.decided(repair, yes, comment, person, now));
          return new Decided.Taken(repairs.find(id).orElse(repair));
        });
  }

  private static boolean isOver(Repair repair, Instant now) {
    var by = repair.times().approveBy();
    return by != null && now.isAfter(by);
  }

  private static String why(Actor person, String comment) {
    return "rejected by " + person.name() + (comment.isEmpty() ? "" : ": " + comment);
  }
}

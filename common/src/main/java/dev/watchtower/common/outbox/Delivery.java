package dev.watchtower.common.outbox;

import dev.watchtower.common.web.TraceContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.client.ResourceAccessException;
import tools.jackson.databind.json.JsonMapper;

/** One attempt to deliver one row, and what follows from its outcome. */
final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  /**
   * An exception that is no network fault is a bug or a poisoned message: it must not block its key
   * for ever.
   */
  private static final int MAX_UNEXPECTED = 10;

  private static final Duration CONCLUDE_FOR = Duration.ofMinutes(1);
  private static final Duration CONCLUDE_EVERY = Duration.ofMillis(500);

  /** What deliveries share. */
  record Tools(JsonMapper json, RandomGenerator random) {}

  private final OutboxStore store;
  private final Map<String, OutboxHandler> handlers;
  private final OutboxMeters meters;
  private final Tools tools;
  private final CountDownLatch stopping;
  private final Consumer<Duration> kickAfter;
  private final Pauses pauses;

  Delivery(
      OutboxStore store,
      Map<String, OutboxHandler> handlers,
      OutboxMeters meters,
      Tools tools,
      CountDownLatch stopping,
      Consumer<Duration> kickAfter,
      Pauses pauses) {
    this.store = store;
    this.handlers = handlers;
    this.meters = meters;
    this.tools = tools;
    this.stopping = stopping;
    this.kickAfter = kickAfter;
    this.pauses = pauses;
  }

  /** Whether the key may go on with its next row. */
  boolean deliver(OutboxStore.Claim claim) {
    try (var _ = TraceContext.continued(claim.trace()).open()) {
      var outcome = attempt(claim);
      if (!(outcome instanceof Outcome.Unanswered) && pauses.answered(claim.topic())) {
        kickAfter.accept(Duration.ZERO);
      }
      return switch (outcome) {
        case Outcome.Delivered() -> {
          meters.delivered(claim.topic());
          yield conclude(() -> store.done(claim));
        }
        case Outcome.Retry(var reason, var after) -> {
          var wait = after == null ? Backoff.after(claim.attempt(), tools.random()) : after;
          later(claim, reason, wait);
          yield false;
        }
        case Outcome.Unanswered(var reason) -> {
          var handler = handlers.get(claim.topic());
          var wait =
              handler != null && handler.hasOneReceiver()
                  ? pauses.failed(claim.topic(), System.nanoTime())
                  : Backoff.after(claim.attempt(), tools.random());
          later(claim, reason, wait);
          yield false;
        }
        case Outcome.Dead(var reason) -> {
          meters.dead(claim.topic());
          LOG.atError()
              .addKeyValue("id", claim.id())
              .addKeyValue("topic", claim.topic())
              .addKeyValue("key", claim.key())
              .addKeyValue("reason", reason)
              .log("message given up, kept as a dead letter");
          yield conclude(() -> store.dead(claim, reason));
        }
      };
    }
  }

  private void later(OutboxStore.Claim claim, String reason, Duration wait) {
    meters.retried(claim.topic());
    tell(claim, reason, wait);
    conclude(() -> store.later(claim, wait, reason));
    kickAfter.accept(wait);
  }

  private Outcome attempt(OutboxStore.Claim claim) {
    var handler = handlers.get(claim.topic());
    if (handler == null) {
      return Outcome.retry("nothing delivers the topic " + claim.topic());
    }
    var message =
        new OutboxMessage(
            claim.id(),
            claim.topic(),
            claim.key(),
            claim.payload(),
            claim.attempt(),
            claim.createdAt(),
            tools.json());
    try {
      return handler.deliver(message);
    } catch (OutboxMessage.UnreadablePayloadException e) {
      return Outcome.dead(String.valueOf(e.getMessage()));
    } catch (ResourceAccessException e) {
      return Outcome.unanswered(String.valueOf(e.getMessage()));
    } catch (DataAccessException | TransactionException e) {
      return Outcome.retry(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("topic", claim.topic())
          .setCause(e)
          .log("a delivery failed in an unexpected way");
      return claim.attempt() >= MAX_UNEXPECTED
          ? Outcome.dead("failed " + MAX_UNEXPECTED + " times: " + e)
          : Outcome.retry(e.toString());
    }
  }

  /**
   * Writes the outcome down; tried for a minute when the database is away, so that what was
   * delivered is rarely delivered twice. False when the row is not this worker's any more.
   */
  private boolean conclude(BooleanSupplier write) {
    long until = System.nanoTime() + CONCLUDE_FOR.toNanos();
    while (true) {
      try {
        return write.getAsBoolean();
      } catch (DataAccessException | TransactionException e) {
        LOG.atDebug().setCause(e).log("an outcome could not be written down");
        if (System.nanoTime() - until > 0 || waitedForStop()) {
          return false;
        }
      }
    }
  }

  private boolean waitedForStop() {
    try {
      return stopping.await(CONCLUDE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static void tell(OutboxStore.Claim claim, String reason, Duration wait) {
    // The first failure is news, the fifth is trouble; the ones between are noise.
    if (claim.attempt() == 1 || claim.attempt() % 5 == 0) {
      LOG.atWarn()
          .addKeyValue("id", claim.id())
          .addKeyValue("topic", claim.topic())
          .addKeyValue("attempt", claim.attempt())
          .addKeyValue("againInMillis", wait.toMillis())
          .addKeyValue("reason", reason)
          .log("message not delivered yet");
    }
  }
}

package dev.watchtower.common.outbox;

import dev.watchtower.common.lifecycle.Enduring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Finds rows that are due and has them delivered, several keys at once. One thread looks for work:
 * when something was appended here, when a retry is due, and once a second for rows of other
 * processes and of processes that died. While the database is down it waits and goes on by itself.
 */
final class OutboxWorker implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxWorker.class);
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(5);
  private static final int PURGE_BATCH = 1_000;
  private static final int PURGE_BATCHES = 20;

  private final OutboxStore store;
  private final Supplier<List<OutboxHandler>> handlerBeans;
  private final OutboxProperties properties;
  private final OutboxMeters meters;
  private final Delivery.Tools tools;
  private final Semaphore kicks = new Semaphore(0);
  private final Semaphore slots;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timers =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("outbox-timer").factory());
  private final InFlight inFlight;
  private final Pauses pauses = new Pauses();
  private volatile Map<String, OutboxHandler> handlers = Map.of();
  private volatile boolean hungry;
  private volatile boolean running;
  private boolean down;

  OutboxWorker(
      OutboxStore store,
      Supplier<List<OutboxHandler>> handlerBeans,
      OutboxProperties properties,
      OutboxMeters meters,
      Delivery.Tools tools) {
    this.store = store;
    this.handlerBeans = handlerBeans;
    this.properties = properties;
    this.meters = meters;
    this.tools = tools;
    this.slots = new Semaphore(properties.parallelism());
    this.inFlight = new InFlight(store, properties.lease());
  }

  /** There may be work. Never blocks. */
  void kick() {
    kicks.release();
  }

  /**
   * Refuses a topic that nobody would deliver, once the handlers are known.
   *
   * @throws IllegalArgumentException if there is no handler
   */
  void checkTopic(String topic) {
    if (running && !handlers.containsKey(topic)) {
      throw new IllegalArgumentException("no OutboxHandler delivers the topic '" + topic + "'");
    }
  }

  @Override
  public void start() {
    handlers =
        handlerBeans.get().stream()
            .collect(Collectors.toUnmodifiableMap(OutboxHandler::topic, Function.identity()));
    running = true;
    if (handlers.isEmpty()) {
      return;
    }
    Thread.ofPlatform().daemon().name("outbox").start(Enduring.loop("outbox", this::work));
    every(properties.lease().dividedBy(3), inFlight::renew);
    every(HOUSEKEEPING, () -> meters.waiting(store.countWaiting()));
    every(Duration.ofMinutes(1), this::purge);
    every(Duration.ofMinutes(1), this::mendTimes);
  }

  @Override
  public void stop() {
    running = false;
    stopping.countDown();
    kick();
    timers.shutdownNow();
    deliveries.shutdown();
    try {
      if (!deliveries.awaitTermination(3, TimeUnit.SECONDS)) {
        // What is cut off is delivered again after its lease, here or elsewhere.
        deliveries.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void every(Duration period, Runnable task) {
    var unused =
        timers.scheduleWithFixedDelay(
            Enduring.task(
                "outbox-timer",
                () -> {
                  try {
                    task.run();
                  } catch (RuntimeException e) {
                    // The database is down, which the working thread tells of.
                    LOG.atDebug().setCause(e).log("the outbox could not be looked after");
                  }
                }),
            period.toMillis(),
            period.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void work() throws InterruptedException {
    while (running) {
      if (kicks.tryAcquire(properties.poll().toMillis(), TimeUnit.MILLISECONDS)) {
        kicks.drainPermits();
      }
      handOut();
    }
  }

  /**
   * Claims as many rows as there are free slots, again and again until there are no more of either.
   */
  private void handOut() throws InterruptedException {
    while (running) {
      int free = slots.drainPermits();
      hungry = free == 0;
      if (free == 0) {
        return;
      }
      List<OutboxStore.Claim> claims = List.of();
      try {
        claims = claim(free);
        tellUp();
      } catch (RuntimeException | Error e) {
        // Whatever it is, the slots must be given back, and this thread is the only one that looks
        // for work.
        tellDown(e);
      }
      slots.release(free - claims.size());
      claims.forEach(this::submit);
      if (claims.size() < free) {
        return;
      }
    }
  }

  private List<OutboxStore.Claim> claim(int most) {
    var topics = pauses.open(handlers.keySet());
    var claims =
        topics.isEmpty()
            ? new ArrayList<OutboxStore.Claim>()
            : new ArrayList<>(store.claim(topics, most, properties.lease()));
    for (var topic : pauses.due(System.nanoTime())) {
      if (claims.size() < most) {
        var trial = store.claimTrial(topic, properties.lease());
        if (trial.isPresent()) {
          pauses.tried(topic, System.nanoTime(), properties.lease());
        }
        trial.ifPresent(claims::add);
      }
    }
    return claims;
  }

  private void submit(OutboxStore.Claim claim) {
    inFlight.add(claim);
    try {
      deliveries.execute(() -> deliverKey(claim));
    } catch (RejectedExecutionException e) {
      // Stopping: the row is delivered after its lease.
      inFlight.remove(claim);
      slots.release();
    }
  }

  /** Delivers a row and, while that goes well, the next ones of its key. */
  private void deliverKey(OutboxStore.Claim first) {
    var delivery = new Delivery(store, handlers, meters, tools, stopping, this::kickAfter, pauses);
    var claim = first;
    try {
      while (claim != null) {
        boolean goOn = delivery.deliver(claim);
        inFlight.remove(claim);
        claim =
            goOn && running
                ? store.claimNext(claim.topic(), claim.key(), properties.lease()).orElse(null)
                : null;
        if (claim != null) {
          inFlight.add(claim);
        }
      }
    } catch (DataAccessException | TransactionException e) {
      LOG.atDebug().setCause(e).log("the next message of the key could not be claimed");
    } finally {
      if (claim != null) {
        inFlight.remove(claim);
      }
      slots.release();
      if (hungry) {
        kick();
      }
    }
  }

  private void kickAfter(Duration wait) {
    if (running) {
      try {
        var unused = timers.schedule(this::kick, wait.toMillis() + 1, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.atDebug().log("stopping, the retry is for the next start");
      }
    }
  }

  private void mendTimes() {
    if (store.mendTimes(OutboxStore.LONGEST_WAIT.plusMinutes(1)) > 0) {
      LOG.atWarn().log("messages waited longer than anybody asked for: the clock was put back");
      kick();
    }
  }

  private void purge() {
    for (int i = 0; i < PURGE_BATCHES; i++) {
      if (store.purge(properties.keep(), PURGE_BATCH) < PURGE_BATCH) {
        return;
      }
    }
  }

  private void tellDown(Throwable e) {
    if (!down) {
      down = true;
      LOG.atWarn()
          .addKeyValue("reason", String.valueOf(NestedExceptionUtils.getMostSpecificCause(e)))
          .log("the outbox cannot reach its table, messages wait");
    }
  }

  private void tellUp() {
    if (down) {
      down = false;
      LOG.atInfo().log("the outbox reaches its table again");
    }
  }
}

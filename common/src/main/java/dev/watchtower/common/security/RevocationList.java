package dev.watchtower.common.security;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.lifecycle.Enduring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.client.RestClientException;

/**
 * The tokens that were revoked, fetched from monitor-service every 20 seconds. While monitor is
 * down the last list holds; it is kept on disk, so that a restart does not forget it.
 */
final class RevocationList implements RevocationSource, SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationList.class);
  private static final Duration EVERY = Duration.ofSeconds(20);

  /** Of tokens as many as can ever be made, and the users. */
  private static final int MAX_IDS = 101_000;

  /**
   * The answer of {@code GET /internal/v1/revocations}.
   *
   * @param revoked ids of tokens, and as {@code user:NAME} the users who may not work on incidents
   */
  record Answer(List<String> revoked) {}

  private final Path file;
  private final Peers peers;
  private final Duration every;
  private volatile Set<String> revoked;

  /** What the file says; only the fetching thread looks at it. */
  private Set<String> stored;

  private volatile boolean running;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("revocations").factory());

  RevocationList(Path file, Peers peers) {
    this(file, peers, EVERY);
  }

  RevocationList(Path file, Peers peers, Duration every) {
    this.file = file;
    this.peers = peers;
    this.every = every;
    this.stored = load();
    this.revoked = stored;
  }

  @Override
  public Predicate<String> revoked() {
    return id -> revoked.contains(id);
  }

  @Override
  public void start() {
    running = true;
    var unused =
        scheduler.scheduleWithFixedDelay(
            Enduring.task("revocations", this::fetch), 0, every.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    running = false;
    scheduler.shutdownNow();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  void fetch() {
    try {
      var answer =
          peers
              .client("monitor")
              .get()
              .uri("/internal/v1/revocations")
              .retrieve()
              .body(Answer.class);
      if (answer == null || answer.revoked() == null || answer.revoked().size() > MAX_IDS) {
        LOG.atWarn().log("the list of revoked tokens was refused, the last one holds");
        return;
      }
      revoked = Set.copyOf(answer.revoked());
      keep(revoked);
    } catch (RestClientException e) {
      // Monitor's health is shown elsewhere; the last list holds.
      LOG.atDebug().setCause(e).log("the list of revoked tokens could not be fetched");
    } catch (IOException | RuntimeException e) {
      LOG.atWarn().setCause(e).log("the list of revoked tokens is tried again: not read or kept");
    }
  }

  // Apart from what holds: what could not be kept is tried again with the next list.
  private void keep(Set<String> ids) throws IOException {
    if (!ids.equals(stored)) {
      store(ids);
      stored = ids;
    }
  }

  private Set<String> load() {
    try {
      return Files.exists(file) ? Set.copyOf(Files.readAllLines(file)) : Set.of();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("the kept list of revoked tokens cannot be read");
      return Set.of();
    }
  }

  private void store(Set<String> ids) throws IOException {
    Files.createDirectories(file.getParent());
    WholeFiles.replace(file, String.join("\n", ids), false);
  }
}

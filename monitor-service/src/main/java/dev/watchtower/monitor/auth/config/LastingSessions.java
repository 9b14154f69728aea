package dev.watchtower.monitor.auth.config;

import dev.watchtower.common.problem.DatabaseProblems;
import dev.watchtower.common.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.transaction.TransactionSystemException;

/**
 * The stored sessions, which go on while the store takes nothing, as on a full disk: one that is
 * known stays good though its last access is not written, and one that is ended is over at once,
 * and is removed when there is room again. What would be lost otherwise, as a new login, is refused
 * with a {@link Problem}. Safe for use by several threads.
 */
class LastingSessions<S extends Session>
    implements FindByIndexNameSessionRepository<LastingSession<S>> {
  private static final Logger LOG = LoggerFactory.getLogger(LastingSessions.class);

  /** SQLITE_READONLY, SQLITE_FULL. */
  private static final Set<Integer> UNWRITABLE = Set.of(8, 13);

  private final FindByIndexNameSessionRepository<S> store;
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean failing = new AtomicBoolean();

  LastingSessions(FindByIndexNameSessionRepository<S> store) {
    this.store = store;
  }

  @Override
  public LastingSession<S> createSession() {
    return new LastingSession<>(store.createSession(), true);
  }

  @Override
  public void save(LastingSession<S> session) {
    try {
      store.save(session.inner());
      session.settled();
      if (failing.getAndSet(false)) {
        LOG.atInfo().log("sessions are stored again");
      }
    } catch (NestedRuntimeException e) {
      if (!failing.getAndSet(true)) {
        LOG.atError().setCause(e).log("sessions cannot be stored, those that are known go on");
      }
      if (session.isChanged()) {
        // It is saved again when the answer is written, which must then tell of this.
        session.settled();
        throw problemOf(e);
      }
    }
  }

  private static Problem problemOf(NestedRuntimeException e) {
    return DatabaseProblems.of(causeOf(e))
        .orElseGet(
            () -> Problem.unavailable("The session cannot be stored now.", Duration.ofSeconds(2)));
  }

  private static Throwable causeOf(NestedRuntimeException e) {
    // SQLite rolls back by itself, after which the rollback fails: that hides why.
    return e instanceof TransactionSystemException system && system.getOriginalException() != null
        ? system.getOriginalException()
        : e;
  }

  private static boolean isUnwritable(NestedRuntimeException e) {
    for (Throwable at = causeOf(e); at != null; at = at.getCause()) {
      if (at instanceof SQLException sql && UNWRITABLE.contains(sql.getErrorCode())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable LastingSession<S> findById(String id) {
    if (ended.contains(id)) {
      return null;
    }
    try {
      var session = store.findById(id);
      return session == null ? null : new LastingSession<>(session, false);
    } catch (NestedRuntimeException e) {
      if (isUnwritable(e)) {
        // What was found had expired, and should have been removed.
        return null;
      }
      throw e;
    }
  }

  @Override
  public void deleteById(String id) {
    try {
      store.deleteById(id);
    } catch (NestedRuntimeException e) {
      ended.add(id);
      LOG.atError().setCause(e).log("a session has ended and cannot be removed yet");
    }
  }

  /** Removes those that have ended while the store took nothing. */
  @Scheduled(fixedDelay = 5_000)
  void removeEnded() {
    for (var id : ended) {
      try {
        store.deleteById(id);
      } catch (NestedRuntimeException e) {
        return;
      }
      ended.remove(id);
    }
  }

  @Override
  public Map<String, LastingSession<S>> findByIndexNameAndIndexValue(String name, String value) {
    return store.findByIndexNameAndIndexValue(name, value).entrySet().stream()
        .filter(e -> !ended.contains(e.getKey()))
        .collect(
            Collectors.toMap(Map.Entry::getKey, e -> new LastingSession<>(e.getValue(), false)));
  }
}

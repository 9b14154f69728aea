package dev.watchtower.monitor.auth.config;

import dev.watchtower.monitor.auth.Revocations;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/**
 * The sessions that live connections hang on. A session can end with no request that would notice:
 * by its age, by idleness, by the clean-up of the store. So each is looked at once a minute, and
 * what hangs on one that is over ends. Holds as many as there are sessions; safe for use by several
 * threads.
 */
class LiveSessions {
  private final SessionRepository<? extends Session> sessions;
  private final Revocations revocations;
  private final Clock clock;
  private final Map<String, Instant> ends = new ConcurrentHashMap<>();

  LiveSessions(
      SessionRepository<? extends Session> sessions, Revocations revocations, Clock clock) {
    this.sessions = sessions;
    this.revocations = revocations;
    this.clock = clock;
  }

  /** A live connection begins; false if its session is over. */
  boolean opened(String id) {
    var session = sessions.findById(id);
    if (session == null) {
      return false;
    }
    var end = session.getCreationTime().plus(SessionGuard.ABSOLUTE_LIMIT);
    if (clock.instant().isAfter(end)) {
      return false;
    }
    ends.put(id, end);
    return true;
  }

  /** Ends what hangs on sessions that are over. */
  @Scheduled(fixedDelay = 60_000)
  void look() {
    var now = clock.instant();
    ends.forEach((id, end) -> {
      if (now.isAfter(end) || sessions.findById(id) == null) {
        revocations.sessionEnded(id);
        ends.remove(id);
      }
    });
  }
}

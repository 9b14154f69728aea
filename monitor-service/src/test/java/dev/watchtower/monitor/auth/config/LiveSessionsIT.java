package dev.watchtower.monitor.auth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.test.MutableClock;
import dev.watchtower.monitor.Browser;
import dev.watchtower.monitor.LiveClient;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.auth.Revocations;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;

class LiveSessionsIT extends RunningMonitor {
  @Autowired private LiveSessions live;
  @Autowired private Revocations revocations;
  @Autowired private Clock clock;
  @Autowired private FindByIndexNameSessionRepository<? extends Session> sessions;

  private static String sessionOf(Browser browser) {
    var cookie = browser.cookie("watchtower").orElseThrow();
    return new String(Base64.getDecoder().decode(cookie), StandardCharsets.UTF_8);
  }

  @Test
  void endTheConnectionOfASessionThatEndedWithoutARequest() {
    var admin = admin();
    var client =
        new LiveClient(base(), "Cookie", "watchtower=" + admin.cookie("watchtower").orElseThrow());
    soon().until(() -> client.has("CONNECTED"));
    live.look();
    assertThat(revocations.isRevoked(Revocations.SESSION + sessionOf(admin))).isFalse();

    sessions.deleteById(sessionOf(admin));
    live.look();

    soon().until(client::closed);
  }

  @Test
  void endWithTheSessionsAgeHoweverBusyItIs() {
    var session = sessionOf(admin());
    var time = new MutableClock(clock.instant());
    var aging = new LiveSessions(sessions, revocations, time);
    assertThat(aging.opened(session)).isTrue();
    aging.look();
    assertThat(revocations.isRevoked(Revocations.SESSION + session)).isFalse();

    time.advance(Duration.ofDays(7).plusMinutes(1));
    aging.look();

    assertThat(revocations.isRevoked(Revocations.SESSION + session)).isTrue();
    assertThat(aging.opened(session)).isFalse();
  }
}

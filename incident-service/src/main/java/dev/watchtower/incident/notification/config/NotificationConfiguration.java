package dev.watchtower.incident.notification.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.incident.mute.Mutes;
import dev.watchtower.incident.notification.NoticeListener;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.notification.ChannelBoard;
import dev.watchtower.incident.notification.jdbc.JdbcNotices;
import java.time.Clock;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class NotificationConfiguration {
  @Bean
  Notices notices(JdbcClient jdbc) {
    return new JdbcNotices(jdbc);
  }

  @Bean
  ChannelBoard channelBoard(Notices notices, CatalogSource catalog) {
    return new ChannelBoard(notices, catalog::current);
  }

  @Bean
  NoticeListener noticeListener(
      Notices notices,
      Mutes mutes,
      CatalogSource catalog,
      NoticeListener.Dispatch dispatch,
      Clock clock) {
    return new NoticeListener(
        notices, id -> mutes.held(id).isPresent(), catalog::current, dispatch, clock);
  }

  /** Told in the details only: a channel that is gone makes the service no less healthy. */
  @Bean
  HealthIndicator notificationsHealthIndicator(ChannelBoard board) {
    return () -> {
      var health = Health.up();
      try {
        board
            .channels()
            .forEach(c ->
                health.withDetail(
                    c.name(),
                    c.state()
                        + (c.reason() == null ? "" : ": " + c.reason())
                        + (c.waiting() == 0 ? "" : ", %d waiting".formatted(c.waiting()))));
      } catch (DataAccessException e) {
        health.withDetail("channels", "unknown while the database is away");
      }
      return health.build();
    };
  }
}

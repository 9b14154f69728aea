package dev.watchtower.incident.notification.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.incident.config.IncidentServiceProperties;
import dev.watchtower.incident.config.Ticker;
import dev.watchtower.incident.correlation.Merger;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.mute.MuteDesk;
import dev.watchtower.incident.mute.Mutes;
import dev.watchtower.incident.notification.ChannelBoard;
import dev.watchtower.incident.notification.Dispatch;
import dev.watchtower.incident.notification.HeartbeatClock;
import dev.watchtower.incident.notification.MergeNotices;
import dev.watchtower.incident.notification.NoticeDesk;
import dev.watchtower.incident.notification.NoticeListener;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.notification.RouteEntries;
import dev.watchtower.incident.notification.RouteWatch;
import dev.watchtower.incident.notification.jdbc.JdbcHeartbeatSlots;
import dev.watchtower.incident.notification.jdbc.JdbcNotices;
import dev.watchtower.incident.timeline.Timeline;
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
      Timeline timeline,
      CatalogSource catalog,
      Dispatch dispatch,
      Clock clock) {
    return new NoticeListener(
        notices,
        id -> mutes.held(id).isPresent(),
        timeline::isToldElsewhere,
        catalog::current,
        dispatch,
        clock);
  }

  /** Who was told of what is merged hears of what it was merged into. */
  @Bean
  Merger.Audience audienceFollowsWhatIsMerged(
      Notices notices, Mutes mutes, CatalogSource catalog, Dispatch dispatch) {
    return new MergeNotices(notices, catalog::current, dispatch, mutes::release)::tookIn;
  }

  @Bean
  RouteEntries routeEntries(Notices notices, Mutes mutes, CatalogSource catalog, Clock clock) {
    return new RouteEntries(notices, id -> mutes.held(id).isPresent(), catalog::current, clock);
  }

  @Bean
  Ticker routeTicker(
      Notices notices,
      MuteDesk mutes,
      Timeline timeline,
      IncidentBook book,
      Transactions transactions,
      CatalogSource catalog,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    var watch =
        new RouteWatch(
            notices,
            (incident, now) -> mutes.settle(incident, d -> book.note(incident.id(), d), now),
            timeline::isToldElsewhere,
            book,
            transactions,
            catalog::current);
    return new Ticker("routes", properties.tick(), clock, migration, watch::look);
  }

  @Bean
  Ticker heartbeatTicker(
      JdbcClient jdbc,
      Notices notices,
      Dispatch dispatch,
      Transactions transactions,
      CatalogSource catalog,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    var heartbeats =
        new HeartbeatClock(
            new JdbcHeartbeatSlots(jdbc), notices, dispatch, transactions, catalog::current);
    return new Ticker("heartbeat", properties.tick(), clock, migration, heartbeats::look);
  }

  @Bean
  NoticeDesk noticeDesk(
      Notices notices, Dispatch dispatch, IncidentBook book, Transactions transactions) {
    return new NoticeDesk(notices, dispatch, book, transactions);
  }

  /**
   * Told in the details only: a channel that is gone makes the service no less healthy. Not why it
   * is: anybody may read this, and reasons name addresses and people.
   */
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
                    c.state() + (c.waiting() == 0 ? "" : ", %d waiting".formatted(c.waiting()))));
      } catch (DataAccessException e) {
        health.withDetail("channels", "unknown while the database is away");
      }
      return health.build();
    };
  }
}

package dev.watchtower.ingest.detection.change;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.Finding;
import dev.watchtower.ingest.golden.EnvNames;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deployments of the services that are known. Any threads.
 *
 * @param services what is known of them
 */
public record Deployments(ServiceRegistry services) {
  private static final long USUAL_WINDOW = 10_000;
  private static final long STEP_MILLIS = 10_000;

  /**
   * The instant as of which a deployment is judged: whole steps of 10 s, so that the same samples
   * give the same signals, whenever they are looked at.
   *
   * @param eventMillis time of the newest sample of its service, milliseconds since the epoch
   */
  public static long stepOf(long eventMillis) {
    return eventMillis - Math.floorMod(eventMillis, STEP_MILLIS);
  }

  /**
   * What was deployed: the service the event names in the environment it {@linkplain EnvNames
   * means}, or in the only one in which the service is known.
   */
  public Optional<ServiceKey> keyOf(ChangeEvent event) {
    String service = event.service();
    if (service == null) {
      return Optional.empty();
    }
    if (event.env() != null) {
      return Optional.of(new ServiceKey(service, EnvNames.meant(service, event.env(), services)));
    }
    var known =
        services.all().stream()
            .map(ObservedService::key)
            .filter(k -> k.service().equals(service))
            .toList();
    return known.size() == 1 ? Optional.of(known.getFirst()) : Optional.empty();
  }

  private long windowOf(ServiceKey key) {
    return services.find(key).map(ObservedService::windowMillis).orElse(USUAL_WINDOW);
  }

  /** A service that sends seldom is compared over longer than the rule says: else never. */
  private static long after(Catalog.Rule.Deployment options, long rates) {
    return Math.max(options.window().toMillis(), Judge.leastWindow(rates));
  }

  /**
   * Until when a rule looks at a deployment: while it watches it. Where its service sends so seldom
   * that it cannot be judged before that is over, for one window of the rule from then on.
   *
   * @return milliseconds since the epoch, included
   */
  public long watchedUntil(ChangeEvent event, ServiceKey key, Catalog.Rule.Deployment options) {
    long judged =
        event.time().plus(options.settle()).toEpochMilli() + after(options, windowOf(key));
    long watched = event.time().plus(options.watch()).toEpochMilli();
    return judged >= watched ? judged + options.window().toMillis() : watched;
  }

  /**
   * Whether a deployment is no longer watched by the clock alone, since its service has sent
   * nothing for so long: what fired on it is over ({@code Detector.endUnwatched}), and to judge it
   * by its last samples, as after a restart, would have it fire again.
   *
   * @param now by the clock, milliseconds since the epoch
   */
  public boolean isOverByTheClock(
      ChangeEvent event, ServiceKey key, Catalog.Rule.Deployment options, long now) {
    long until = watchedUntil(event, key, options);
    return services
        .find(key)
        .filter(service -> stepOf(service.eventMillis()) <= until)
        .filter(service -> service.eventMillisAt(now) - Detector.UNWATCHED_MILLIS > until)
        .isPresent();
  }

  /**
   * The verdict on a deployment as it stood when its window ended, or stands now.
   *
   * @param newest time of the newest data, milliseconds since the epoch
   */
  public DeploymentVerdict verdict(
      Judge judge, ChangeEvent event, Catalog.Rule.Deployment options, long newest) {
    @Nullable ServiceKey key = keyOf(event).orElse(null);
    long from = event.time().plus(options.settle()).toEpochMilli();
    long rates = key == null ? USUAL_WINDOW : windowOf(key);
    long end = from + after(options, rates);
    return judge.verdict(event, key, rates, options, 0, from, Math.min(end, newest), newest >= end);
  }

  /**
   * What a rule sees of a deployment at an instant: the newest window after it against the time
   * before it. Empty before the first window is over, and where nothing is known of it.
   *
   * @param replaced when the service was deployed again; null if it was not
   * @param at event time, milliseconds since the epoch
   */
  public Optional<Finding> finding(
      Judge judge, Catalog.Rule rule, ChangeEvent event, @Nullable Long replaced, long at) {
    ServiceKey key = keyOf(event).orElse(null);
    Catalog.Rule.Deployment options = rule.deployment();
    if (key == null || options == null || !rule.covers(key.service(), key.env())) {
      return Optional.empty();
    }
    long from = event.time().plus(options.settle()).toEpochMilli();
    long rates = windowOf(key);
    long window = after(options, rates);
    if (at < from + window) {
      return Optional.empty();
    }
    boolean over = at > watchedUntil(event, key, options) || (replaced != null && replaced <= at);
    long begin = Math.max(from, at - window);
    DeploymentVerdict verdict =
        judge.verdict(
            event,
            key,
            rates,
            options,
            rule.minTraffic(),
            begin,
            // Of what is no longer watched nothing is compared.
            over ? begin : at,
            true);
    return Optional.of(Judge.finding(rule, verdict, key, over, at));
  }
}

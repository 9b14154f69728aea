package dev.watchtower.monitor.fallback.discord;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.lifecycle.Enduring;
import dev.watchtower.monitor.fallback.DiscordCard;
import dev.watchtower.monitor.fallback.Outage;
import dev.watchtower.monitor.fallback.Outages;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Sends what the queue holds, one request at a time for each channel, in order. Nothing is sent
 * while a channel has no address; what waits then is kept. A webhook that is gone, or refuses us,
 * is marked as broken, and what waits is tried with it once an hour and after a start: whoever
 * makes the webhook work again need not tell us. What waits for a channel that the catalog does not
 * have any more is given up; the card of an outage that lasts goes to the channels that now take
 * it, and waits as long as there is none.
 */
public final class DiscordDesk implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(DiscordDesk.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  /** Of a channel that is gone, in one look. */
  private static final int MOST_GIVEN_UP = 1_000;

  private static final Duration GRACE = Duration.ofSeconds(3);

  /** How long a broken webhook is left alone. */
  private static final Duration REST = Duration.ofHours(1);

  /**
   * How it stands with a channel for which something waits.
   *
   * @param broken whether Discord does not take its webhook
   */
  public record ChannelState(
      String channel, int waiting, boolean broken, @Nullable String lastError) {}

  private record Sender(Semaphore kick, Thread thread) {}

  private final DiscordQueue queue;
  private final Outages outages;
  private final CatalogSource catalog;
  private final DiscordWebhook webhook;
  private final String publicUrl;
  private final Clock clock;
  private final Map<String, Sender> senders = new ConcurrentHashMap<>();

  /** When each broken webhook is tried next; one that is not in it, at once. */
  private final Map<String, Instant> resting = new ConcurrentHashMap<>();

  /** What is still to be stored of the last attempt in a channel; before it is, none is made. */
  private final Map<String, Runnable> unstored = new ConcurrentHashMap<>();

  private volatile boolean running;

  DiscordDesk(
      DiscordQueue queue,
      Outages outages,
      CatalogSource catalog,
      DiscordWebhook webhook,
      String publicUrl,
      Clock clock) {
    this.queue = queue;
    this.outages = outages;
    this.catalog = catalog;
    this.webhook = webhook;
    this.publicUrl = publicUrl;
    this.clock = clock;
  }

  /** The Discord channels whose routes cover the outage. */
  public List<String> channelsFor(Outage outage) {
    return catalog
        .current()
        .notifications()
        .channelsFor(outage.service(), outage.env(), outage.severity(), clock.instant())
        .stream()
        .filter(Channel.Discord.class::isInstance)
        .map(Channel::name)
        .toList();
  }

  /** Has the queue looked at soon. */
  public void wake() {
    if (!running) {
      return;
    }
    for (var channel : queue.waitingChannels()) {
      senders.computeIfAbsent(channel, this::begin).kick().release();
    }
  }

  private Sender begin(String channel) {
    var kick = new Semaphore(0);
    var thread =
        Thread.ofVirtual()
            .name("discord-" + channel)
            .start(Enduring.loop("discord-" + channel, () -> run(channel, kick)));
    return new Sender(kick, thread);
  }

  private void run(String channel, Semaphore kick) {
    try {
      while (running) {
        var pause = LOOK_EVERY;
        try {
          pause = step(channel);
        } catch (RuntimeException e) {
          // The queue must go on after a fault of the store.
          LOG.atError().setCause(e).log("the Discord queue failed, trying again");
        }
        if (!pause.isZero() && kick.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          var unused = kick.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends the oldest request if it is due; how long nothing more is to be done. */
  private Duration step(String channel) throws InterruptedException {
    storeLast(channel);
    var now = clock.instant();
    var head = queue.head(channel);
    if (head.isEmpty()) {
      return LOOK_EVERY;
    }
    var item = head.get();
    if (channel(channel).isEmpty()) {
      queue.line(channel, MOST_GIVEN_UP).forEach(waiting -> giveUp(waiting, now));
      return LOOK_EVERY;
    }
    if (waits(item.dueAt(), now)) {
      return atMost(Duration.between(now, item.dueAt()));
    }
    var configured = usable(channel, now);
    if (configured.isEmpty()) {
      return LOOK_EVERY;
    }
    var outage = outages.find(item.outage()).orElse(null);
    if (outage == null) {
      queue.dropped(item, "the outage is not known", now);
      return Duration.ZERO;
    }
    queue.attempted(item);
    var reply = send(item, outage, configured.get());
    settle(item, outage, hash(configured.get().url()), reply);
    return Duration.ZERO;
  }

  private void storeLast(String channel) {
    var last = unstored.get(channel);
    if (last != null) {
      last.run();
      unstored.remove(channel);
    }
  }

  private void giveUp(DiscordQueue.Item item, Instant now) {
    if (item.kind() != DiscordQueue.Kind.CARD || tellOthers(item, now)) {
      dropped(item, "the catalog has no Discord channel of this name any more", now);
    }
  }

  // Before the item is given up, so that a crash between the two loses nothing; a channel that has
  // a card gets no other. False while the outage lasts and no channel takes it, for the catalog may
  // have one again in a moment, and where it has this one again already.
  private boolean tellOthers(DiscordQueue.Item item, Instant now) {
    var outage = outages.find(item.outage()).filter(o -> o.clearedAt() == null);
    if (outage.isEmpty()) {
      return true;
    }
    var others = channelsFor(outage.get());
    if (others.isEmpty() || others.contains(item.channel())) {
      return false;
    }
    others.forEach(other -> queue.card(item.outage(), other, now));
    wake();
    return true;
  }

  private DiscordReply send(DiscordQueue.Item item, Outage outage, Channel.Discord channel)
      throws InterruptedException {
    var url = channel.url();
    return switch (item.kind()) {
      case CARD -> {
        var mention = outage.severity().ordinal() <= 1 ? channel.mentionRole() : null;
        yield webhook.post(url, DiscordCard.card(outage, mention, publicUrl), item.attempt());
      }
      case UPDATE ->
          item.cardId() == null
              ? new DiscordReply.Dropped("the card has no id")
              : webhook.edit(
                  url, item.cardId(), DiscordCard.card(outage, null, publicUrl), item.attempt());
      case RECOVERY -> webhook.post(url, DiscordCard.recovery(outage), item.attempt());
    };
  }

  private void settle(DiscordQueue.Item item, Outage outage, String hash, DiscordReply reply) {
    var now = clock.instant();
    if (reply instanceof DiscordReply.ChannelBroken(String reason)) {
      LOG.atError()
          .addKeyValue("channel", item.channel())
          .addKeyValue("reason", reason)
          .log(
              "the Discord channel is broken: it is tried again in an hour, or with another address");
      resting.put(hash, now.plus(REST));
    } else {
      resting.remove(hash);
    }
    unstored.put(item.channel(), () -> store(item, outage, hash, reply, now));
    storeLast(item.channel());
  }

  private void store(
      DiscordQueue.Item item, Outage outage, String hash, DiscordReply reply, Instant now) {
    switch (reply) {
      case DiscordReply.Sent(var messageId) -> {
        queue.sent(item, messageId, outage.clearedAt() != null, now);
        if (queue.isBroken(hash)) {
          queue.mended(hash);
          LOG.atInfo()
              .addKeyValue("channel", item.channel())
              .log("the Discord channel works again");
        }
      }
      case DiscordReply.Again(String reason, Duration pause) ->
          queue.again(item, reason, now.plus(pause));
      case DiscordReply.Dropped(String reason) -> dropped(item, reason, now);
      case DiscordReply.ChannelBroken(String reason) -> {
        queue.broken(hash, reason, now);
        queue.again(item, reason, now);
      }
    }
  }

  private void dropped(DiscordQueue.Item item, String reason, Instant now) {
    queue.dropped(item, reason, now);
    LOG.atError()
        .addKeyValue("channel", item.channel())
        .addKeyValue("reason", reason)
        .log("a message to Discord is given up");
  }

  private Optional<Channel.Discord> channel(String name) {
    return catalog
        .current()
        .notifications()
        .channel(name)
        .filter(Channel.Discord.class::isInstance)
        .map(Channel.Discord.class::cast);
  }

  private Optional<Channel.Discord> usable(String channel, Instant now) {
    return channel(channel)
        .filter(Channel.Discord::isConfigured)
        .filter(c -> !waits(resting.getOrDefault(hash(c.url()), Instant.MIN), now));
  }

  /** Every channel for which something waits. */
  public List<ChannelState> states() {
    return queue.waiting().stream()
        .map(w -> new ChannelState(w.channel(), w.count(), isBroken(w.channel()), w.lastError()))
        .toList();
  }

  private boolean isBroken(String name) {
    return channel(name).filter(c -> c.isConfigured() && queue.isBroken(hash(c.url()))).isPresent();
  }

  // Nothing is put off for longer than the rest of a broken webhook: what is waits for a clock
  // that was put back.
  private static boolean waits(Instant until, Instant now) {
    return now.isBefore(until) && !until.isAfter(now.plus(REST));
  }

  private static Duration atMost(Duration pause) {
    return pause.compareTo(LOOK_EVERY) < 0 ? pause.plusMillis(1) : LOOK_EVERY;
  }

  private static String hash(String url) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(url.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void start() {
    running = true;
    wake();
  }

  @Override
  public void stop() {
    running = false;
    // A request under way is let finish where it can: cut off, it might be sent twice.
    senders.values().forEach(s -> s.kick().release());
    senders.values().forEach(DiscordDesk::join);
    senders.clear();
  }

  private static void join(Sender sender) {
    try {
      if (!sender.thread().join(GRACE)) {
        sender.thread().interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return 50;
  }
}

package dev.watchtower.common.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table. All times are the database's, so that the clocks of replicas do not matter; each
 * statement is a transaction of its own except {@link #append}, which joins the caller's.
 */
final class OutboxStore {
  /** A row waits for its next attempt at most so long, whatever its receiver asks for. */
  static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

  private static final int MAX_ERROR = 1_000;

  // So that a long line costs no more than a short one, each time.
  private static final int TRIALS_AMONG = 200;

  /**
   * A row that this process delivers now.
   *
   * @param attempt from 1; also the fence: only the worker of the newest attempt may conclude the
   *     row
   */
  record Claim(
      long seq,
      UUID id,
      String topic,
      String key,
      String payload,
      @Nullable String trace,
      int attempt,
      Instant createdAt) {}

  private final JdbcClient jdbc;

  OutboxStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void append(UUID id, String topic, String key, String payload, @Nullable String trace) {
    jdbc.sql(
            """
            insert into outbox (id, topic, key, payload, trace)
            values (:id, :topic, :key, cast(:payload as json), :trace)
            """)
        .param("id", id)
        .param("topic", topic)
        .param("key", key)
        .param("payload", payload)
        .param("trace", trace)
        .update();
  }

  /**
   * Claims the oldest waiting row of each key that is due and not claimed, at most {@code most},
   * oldest first. That it is the oldest is looked up in the index for each; asked as {@code not
   * exists}, PostgreSQL compares each with all others while it does not know yet how many there
   * are.
   */
  List<Claim> claim(Collection<String> topics, int most, Duration lease) {
    return jdbc.sql(
            """
            update outbox o
               set claimed_until = now() + make_interval(secs => :lease), attempt = o.attempt + 1
              from (select seq from outbox h
                     where state = 'WAITING' and topic = any(:topics) and due_at <= now()
                       and (claimed_until is null or claimed_until <= now())
                       and seq = (select min(e.seq) from outbox e
                                   where e.state = 'WAITING' and e.topic = h.topic
                                     and e.key = h.key)
                     order by seq limit :most
                       for update skip locked) head
             where o.seq = head.seq
            returning o.*
            """)
        .param("lease", seconds(lease))
        .param("topics", topics.toArray(String[]::new))
        .param("most", most)
        .query(OutboxStore::claim)
        .list();
  }

  /**
   * Claims one row to try whether the topic's receiver is back: of the oldest that are due, the one
   * that was tried least, so that a message that gets no answer does not stand for all the others.
   */
  Optional<Claim> claimTrial(String topic, Duration lease) {
    return jdbc.sql(
            """
            update outbox o
               set claimed_until = now() + make_interval(secs => :lease), attempt = o.attempt + 1
              from (select t.seq from outbox t
                     where t.state = 'WAITING'
                       and (t.claimed_until is null or t.claimed_until <= now())
                       and t.seq in (select seq from outbox h
                             where state = 'WAITING' and topic = :topic and due_at <= now()
                               and (claimed_until is null or claimed_until <= now())
                               and seq = (select min(e.seq) from outbox e
                                           where e.state = 'WAITING' and e.topic = h.topic
                                             and e.key = h.key)
                             order by seq limit :among)
                     order by t.attempt, t.seq limit 1
                       for update skip locked) head
             where o.seq = head.seq
            returning o.*
            """)
        .param("lease", seconds(lease))
        .param("topic", topic)
        .param("among", TRIALS_AMONG)
        .query(OutboxStore::claim)
        .optional();
  }

  /** Claims the next row of one key, if it is due and nobody has it. */
  Optional<Claim> claimNext(String topic, String key, Duration lease) {
    return jdbc.sql(
            """
            update outbox o
               set claimed_until = now() + make_interval(secs => :lease), attempt = o.attempt + 1
              from (select seq, due_at, claimed_until from outbox
                     where state = 'WAITING' and topic = :topic and key = :key
                     order by seq limit 1
                       for update skip locked) head
             where o.seq = head.seq and head.due_at <= now()
               and (head.claimed_until is null or head.claimed_until <= now())
               and not exists (select 1 from outbox e
                                where e.state = 'WAITING' and e.topic = :topic
                                  and e.key = :key and e.seq < o.seq)
            returning o.*
            """)
        .param("lease", seconds(lease))
        .param("topic", topic)
        .param("key", key)
        .query(OutboxStore::claim)
        .optional();
  }

  /** Holds the rows longer while their delivery goes on. */
  void renew(Collection<Claim> claims, Duration lease) {
    jdbc.sql(
            """
            update outbox o set claimed_until = now() + make_interval(secs => :lease)
              from unnest(cast(:seqs as bigint[]), cast(:attempts as integer[])) held (seq, attempt)
             where o.seq = held.seq and o.attempt = held.attempt and o.state = 'WAITING'
            """)
        .param("lease", seconds(lease))
        .param("seqs", claims.stream().map(Claim::seq).toArray(Long[]::new))
        .param("attempts", claims.stream().map(Claim::attempt).toArray(Integer[]::new))
        .update();
  }

  /** Whether the row was still this worker's, and is done now. */
  boolean done(Claim claim) {
    return conclude(
        claim, "state = 'DONE', done_at = now(), last_error = null", Duration.ZERO, null);
  }

  boolean dead(Claim claim, String error) {
    return conclude(
        claim, "state = 'DEAD', done_at = now(), last_error = :error", Duration.ZERO, error);
  }

  /** It waits so long, but {@link #LONGEST_WAIT} at most. */
  boolean later(Claim claim, Duration wait, String error) {
    var most = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    return conclude(
        claim, "due_at = now() + make_interval(secs => :wait), last_error = :error", most, error);
  }

  private boolean conclude(Claim claim, String change, Duration wait, @Nullable String error) {
    return jdbc.sql(
                "update outbox set claimed_until = null, "
                    + change
                    + " where seq = :seq and attempt = :attempt and state = 'WAITING'")
            .param("seq", claim.seq())
            .param("attempt", claim.attempt())
            .param("wait", seconds(wait))
            .param("error", error == null ? null : shortened(error))
            .update()
        == 1;
  }

  /**
   * Deletes rows that were done more than {@code age} ago; returns how many, at most {@code most}.
   */
  int purge(Duration age, int most) {
    return jdbc.sql(
            """
            delete from outbox where seq in (
              select seq from outbox
               where state = 'DONE' and done_at < now() - make_interval(secs => :age)
               order by done_at limit :most)
            """)
        .param("age", seconds(age))
        .param("most", most)
        .update();
  }

  /**
   * Makes rows due that wait, or are held, longer than anybody asks for: the database's clock was
   * put back meanwhile, and a row holds up all of its key.
   *
   * @param longest how long a row waits at most
   */
  int mendTimes(Duration longest) {
    return jdbc.sql(
            """
            update outbox set due_at = least(due_at, now()),
              claimed_until = case when claimed_until > now() + make_interval(secs => :longest)
                then null else claimed_until end
             where state = 'WAITING' and (due_at > now() + make_interval(secs => :longest)
               or claimed_until > now() + make_interval(secs => :longest))
            """)
        .param("longest", seconds(longest))
        .update();
  }

  long countWaiting() {
    return jdbc.sql("select count(*) from outbox where state = 'WAITING'")
        .query(Long.class)
        .single();
  }

  OutboxView view(String topic) {
    var rows =
        jdbc.sql(
                """
                select * from outbox where state <> 'DONE' and topic = :topic order by seq limit 100
                """)
            .param("topic", topic)
            .query(OutboxStore::row)
            .list();
    return jdbc.sql(
            """
            select count(*) filter (where state = 'WAITING') waiting,
                   count(*) filter (where state = 'DEAD') dead,
                   min(created_at) filter (where state = 'WAITING') oldest
              from outbox where state <> 'DONE' and topic = :topic
            """)
        .param("topic", topic)
        .query((r, n) -> {
          var oldest = r.getObject("oldest", OffsetDateTime.class);
          return new OutboxView(
              r.getLong("waiting"),
              r.getLong("dead"),
              oldest == null ? null : oldest.toInstant(),
              rows);
        })
        .single();
  }

  /** Whether there was such a row waiting or dead; it is due now. */
  boolean retry(UUID id) {
    return jdbc.sql(
                """
                update outbox set state = 'WAITING', due_at = now(), attempt = attempt + 1,
                       claimed_until = null, done_at = null
                 where id = :id and state in ('WAITING', 'DEAD')
                   and (claimed_until is null or claimed_until <= now())
                """)
            .param("id", id)
            .update()
        == 1;
  }

  void hurry(String topic, String key) {
    jdbc.sql(
            """
            update outbox set due_at = now()
             where state = 'WAITING' and topic = :topic and key = :key and due_at > now()
            """)
        .param("topic", topic)
        .param("key", key)
        .update();
  }

  /** Whether there was such a row waiting; it is a dead letter now. */
  boolean drop(UUID id, String reason) {
    return jdbc.sql(
                """
                update outbox set state = 'DEAD', done_at = now(), last_error = :reason,
                       claimed_until = null
                 where id = :id and state = 'WAITING'
                """)
            .param("id", id)
            .param("reason", shortened(reason))
            .update()
        == 1;
  }

  private static Claim claim(ResultSet r, int n) throws SQLException {
    return new Claim(
        r.getLong("seq"),
        r.getObject("id", UUID.class),
        r.getString("topic"),
        r.getString("key"),
        r.getString("payload"),
        r.getString("trace"),
        r.getInt("attempt"),
        r.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  private static OutboxView.Row row(ResultSet r, int n) throws SQLException {
    return new OutboxView.Row(
        r.getObject("id", UUID.class),
        r.getString("topic"),
        r.getString("key"),
        r.getString("state"),
        r.getInt("attempt"),
        r.getObject("due_at", OffsetDateTime.class).toInstant(),
        r.getObject("created_at", OffsetDateTime.class).toInstant(),
        r.getString("last_error"));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static String shortened(String error) {
    var plain = error.replace('\u0000', ' ');
    return plain.length() > MAX_ERROR ? plain.substring(0, MAX_ERROR) : plain;
  }
}

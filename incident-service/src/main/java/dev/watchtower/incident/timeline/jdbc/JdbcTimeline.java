package dev.watchtower.incident.timeline.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.instantOrNull;
import static dev.watchtower.incident.jdbc.Columns.texts;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.timeline.Chain;
import dev.watchtower.incident.timeline.Draft;
import dev.watchtower.incident.timeline.Outline;
import dev.watchtower.incident.timeline.Timeline;
import dev.watchtower.incident.timeline.Verification;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Timelines in the tables {@code timeline_entry} and {@code timeline_head}. */
public final class JdbcTimeline implements Timeline {
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
  private static final int PAGE = 1000;

  private record Head(long seq, String hash) {}

  private final JdbcClient jdbc;
  private final JsonMapper json;

  /** Timelines in the database behind {@code jdbc}. */
  public JdbcTimeline(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  @Override
  public List<TimelineEntry> append(UUID incident, List<Draft> drafts) {
    if (drafts.isEmpty()) {
      return List.of();
    }
    var head = head(incident);
    var chain = new Chain(incident, head.seq(), head.hash());
    var stored = drafts.stream().map(chain::add).toList();
    insert(incident, stored);
    jdbc.sql("update timeline_head set seq = ?, hash = ? where incident_id = ?")
        .params(chain.seq(), chain.last(), incident)
        .update();
    return stored.stream().map(this::entry).toList();
  }

  // The head's row is the lock that gives the numbers out one after the other.
  private Head head(UUID incident) {
    return lockedHead(incident)
        .or(() -> {
          jdbc.sql(
                  """
                  insert into timeline_head (incident_id, seq, hash) values (?, 0, ?)
                  on conflict (incident_id) do nothing
                  """)
              .params(incident, Chain.START)
              .update();
          return lockedHead(incident);
        })
        .orElseThrow();
  }

  private Optional<Head> lockedHead(UUID incident) {
    return jdbc.sql("select seq, hash from timeline_head where incident_id = ? for update")
        .param(incident)
        .query((row, i) -> new Head(row.getLong("seq"), row.getString("hash")))
        .optional();
  }

  // In their order: the database checks that each continues the chain.
  private void insert(UUID incident, List<Chain.Stored> entries) {
    jdbc.sql(
            """
            insert into timeline_entry
              (incident_id, seq, ts, kind, actor_type, actor_name, summary, data, hash, previous_hash)
            select cast(:incident as uuid), e.* from unnest(cast(:seq as bigint[]),
              cast(:ts as timestamptz[]), :kind, :actorType, :actorName, :summary, :data, :hash,
              :previous) e (seq, ts, kind, actor_type, actor_name, summary, data, hash, previous)
            order by e.seq
            """)
        .param("incident", incident)
        .param("seq", texts(entries, Chain.Stored::seq))
        .param("ts", texts(entries, Chain.Stored::ts))
        .param("kind", texts(entries, Chain.Stored::kind))
        .param("actorType", texts(entries, entry -> entry.actor().type()))
        .param("actorName", texts(entries, entry -> entry.actor().name()))
        .param("summary", texts(entries, Chain.Stored::summary))
        .param("data", texts(entries, Chain.Stored::data))
        .param("hash", texts(entries, Chain.Stored::hash))
        .param("previous", texts(entries, Chain.Stored::previousHash))
        .update();
  }

  @Override
  public List<TimelineEntry> entries(UUID incident, long after, int limit) {
    return stored(incident, after, limit).stream().map(this::entry).toList();
  }

  private List<Chain.Stored> stored(UUID incident, long after, int limit) {
    return jdbc.sql(
            """
            select seq, ts, kind, actor_type, actor_name, summary, data, hash, previous_hash
            from timeline_entry where incident_id = ? and seq > ? order by seq limit ?
            """)
        .params(incident, after, limit)
        .query(JdbcTimeline::stored)
        .list();
  }

  @Override
  public boolean isToldElsewhere(UUID incident) {
    return jdbc.sql(
            """
            select exists (
              select 1 from timeline_entry where incident_id = ? and kind = 'SIGNAL_FIRED'
                and data::jsonb @> '{"toldElsewhere": true}')
            """)
        .param(incident)
        .query(Boolean.class)
        .single();
  }

  @Override
  public Outline outline(UUID incident, int whole, int most) {
    long length = length(incident);
    boolean folded = length > whole;
    return new Outline(
        length,
        folded ? besidesSignals(incident, most) : entries(incident, 0, whole),
        folded ? runs(incident, most) : List.of(),
        worst(incident),
        firings(incident, most));
  }

  private long length(UUID incident) {
    return jdbc.sql("select seq from timeline_head where incident_id = ?")
        .param(incident)
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  private List<TimelineEntry> besidesSignals(UUID incident, int most) {
    return jdbc
        .sql(
            """
            select * from (
              select e.*, row_number() over (order by seq) as nth, count(*) over () as n
              from timeline_entry e
              where incident_id = :incident and kind not in ('SIGNAL_FIRED', 'SIGNAL_CLEARED')) e
            where nth <= :half or nth > n - :half order by seq
            """)
        .param("incident", incident)
        .param("half", most / 2)
        .query(JdbcTimeline::stored)
        .list()
        .stream()
        .map(this::entry)
        .toList();
  }

  private List<Outline.SignalRun> runs(UUID incident, int most) {
    return jdbc.sql(
            """
            select min(seq) as seq, min(ts) as begun, max(ts) as ended,
              count(*) filter (where kind = 'SIGNAL_FIRED') as fired,
              count(*) filter (where kind = 'SIGNAL_CLEARED') as cleared
            from (
              select seq, ts, kind, count(*)
                filter (where kind not in ('SIGNAL_FIRED', 'SIGNAL_CLEARED'))
                over (order by seq) as others
              from timeline_entry where incident_id = ?) e
            where kind in ('SIGNAL_FIRED', 'SIGNAL_CLEARED')
            group by others order by others limit ?
            """)
        .params(incident, most)
        .query((row, i) ->
            new Outline.SignalRun(
                row.getLong("seq"),
                instant(row, "begun"),
                instant(row, "ended"),
                row.getLong("fired"),
                row.getLong("cleared")))
        .list();
  }

  // What is told of once more while it fires, since it is worse, has not fired again. Nor has what
  // flapped, until it was said to be calm: what it cleared and fired in between is not told.
  private Map<String, List<Outline.Firing>> firings(UUID incident, int most) {
    var firings = new HashMap<String, List<Outline.Firing>>();
    jdbc.sql(
            """
            with entry as (
              select seq, ts, kind, data::jsonb as data from timeline_entry
              where incident_id = ? and kind in ('SIGNAL_FIRED', 'SIGNAL_CLEARED', 'ANNOTATION')),
            change as (
              select data ->> 'fingerprint' as fingerprint, seq, kind, ts from entry
              where kind <> 'ANNOTATION'
              union all
              select data ->> 'fingerprint', seq, 'FLAPS', ts from entry
              where kind = 'ANNOTATION' and data ->> 'flapping' = 'true'
              union all
              select calm ->> 'fingerprint', seq, 'SIGNAL_' || (calm ->> 'status'),
                (calm ->> 'since')::timestamptz
              from entry cross join jsonb_array_elements(
                case when kind = 'ANNOTATION' and data ->> 'flapping' = 'false'
                     then data -> 'signals' end) calm)
            select fingerprint, min(ts) filter (where kind = 'SIGNAL_FIRED') as begun,
              max(ts) filter (where kind = 'SIGNAL_FIRED') as told, bool_or(kind = 'FLAPS') as flapped,
              min(ts) filter (where kind = 'SIGNAL_CLEARED' and flaps = of_all) as cleared
            from (
              select *, count(*) filter (where kind = 'FLAPS') over (one order by seq) as flaps,
                count(*) filter (where kind = 'FLAPS') over one as of_all
              from (
                select *, count(*)
                  filter (where kind = 'SIGNAL_FIRED' and coalesce(previous, 'SIGNAL_CLEARED') = 'SIGNAL_CLEARED')
                  over (partition by fingerprint order by seq) as nth
                from (
                  select *, lag(kind) over (partition by fingerprint order by seq) as previous
                  from change where fingerprint is not null) e) e
              window one as (partition by fingerprint, nth)) e
            where nth > 0 group by fingerprint, nth order by min(seq) limit ?
            """)
        .params(incident, most)
        .query(row -> {
          firings
              .computeIfAbsent(row.getString("fingerprint"), f -> new ArrayList<>())
              .add(
                  new Outline.Firing(
                      instant(row, "begun"),
                      instant(row, "told"),
                      instantOrNull(row, "cleared"),
                      row.getBoolean("flapped")));
        });
    return firings;
  }

  private Map<String, Double> worst(UUID incident) {
    var worst = new HashMap<String, Double>();
    jdbc.sql(
            """
            select data ->> 'fingerprint' as fingerprint, max((data ->> 'value')::float8) as value
            from (
              select data::jsonb as data from timeline_entry
              where incident_id = ? and kind = 'SIGNAL_FIRED') e
            where jsonb_typeof(data -> 'value') = 'number' and data ->> 'fingerprint' is not null
            group by data ->> 'fingerprint'
            """)
        .param(incident)
        .query(row -> {
          worst.put(row.getString("fingerprint"), row.getDouble("value"));
        });
    return worst;
  }

  @Override
  public Verification verify(UUID incident) {
    // Before the entries: what is appended meanwhile must not look like entries that are missing.
    long written = length(incident);
    var chain = new Chain(incident);
    var page = stored(incident, 0, PAGE);
    while (!page.isEmpty()) {
      for (var entry : page) {
        var fault = chain.check(entry);
        if (!fault.isEmpty()) {
          return new Verification(false, chain.seq(), chain.seq() + 1, fault, chain.last());
        }
      }
      page = stored(incident, chain.seq(), PAGE);
    }
    return written > chain.seq()
        ? new Verification(
            false,
            chain.seq(),
            chain.seq() + 1,
            "entries up to "
                + written
                + " were written; the last "
                + (written - chain.seq())
                + " are missing",
            chain.last())
        : new Verification(true, chain.seq(), null, null, chain.last());
  }

  private static Chain.Stored stored(ResultSet row, int i) throws SQLException {
    return new Chain.Stored(
        row.getLong("seq"),
        row.getObject("ts", OffsetDateTime.class).toInstant(),
        TimelineKind.valueOf(row.getString("kind")),
        new Actor(Actor.Type.valueOf(row.getString("actor_type")), row.getString("actor_name")),
        row.getString("summary"),
        row.getString("data"),
        row.getString("hash"),
        row.getString("previous_hash"));
  }

  private TimelineEntry entry(Chain.Stored stored) {
    return new TimelineEntry(
        stored.seq(),
        stored.ts(),
        stored.kind(),
        stored.actor(),
        stored.summary(),
        json.readValue(stored.data(), OBJECT),
        stored.hash(),
        stored.previousHash());
  }
}

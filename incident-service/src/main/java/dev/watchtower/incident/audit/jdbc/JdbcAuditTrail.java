package dev.watchtower.incident.audit.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.utc;

import dev.watchtower.incident.audit.Anchor;
import dev.watchtower.incident.audit.AuditChain;
import dev.watchtower.incident.audit.AuditEntry;
import dev.watchtower.incident.audit.AuditTrail;
import dev.watchtower.incident.audit.Deed;
import dev.watchtower.incident.timeline.Verification;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code audit_entry}. */
public final class JdbcAuditTrail implements AuditTrail {
  private static final int PAGE = 1000;

  private final JdbcClient jdbc;

  /** The trail in the database behind {@code jdbc}. */
  public JdbcAuditTrail(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void append(List<Deed> deeds) {
    var chain =
        jdbc.sql("select seq, hash from audit_head for update")
            .query((row, i) -> new AuditChain(row.getLong("seq"), row.getString("hash")))
            .single();
    var anchors = anchorsOf(deeds);
    for (var deed : deeds) {
      insert(chain.add(deed, deed.incident() == null ? null : anchors.get(deed.incident())));
    }
    jdbc.sql("update audit_head set seq = ?, hash = ?").params(chain.seq(), chain.last()).update();
  }

  private Map<UUID, Anchor> anchorsOf(List<Deed> deeds) {
    var incidents =
        deeds.stream().map(Deed::incident).filter(Objects::nonNull).distinct().toArray(UUID[]::new);
    var anchors = new HashMap<UUID, Anchor>();
    if (incidents.length > 0) {
      jdbc.sql("select * from timeline_head where incident_id = any (?) and seq > 0")
          .param(incidents)
          .query(row -> {
            var incident = row.getObject("incident_id", UUID.class);
            anchors.put(incident, new Anchor(incident, row.getLong("seq"), row.getString("hash")));
          });
    }
    return anchors;
  }

  private void insert(AuditEntry entry) {
    var anchor = entry.timeline();
    jdbc.sql(
            """
            insert into audit_entry
              (seq, at, actor, remote, action, subject, outcome, hash, previous_hash,
               incident_id, timeline_seq, timeline_hash)
            values (:seq, :at, :actor, :remote, :action, :subject, :outcome, :hash, :previous,
               :incident, :timelineSeq, :timelineHash)
            """)
        .param("seq", entry.seq())
        .param("at", utc(entry.at()))
        .param("actor", entry.actor())
        .param("remote", entry.from())
        .param("action", entry.action())
        .param("subject", entry.subject())
        .param("outcome", entry.outcome())
        .param("hash", entry.hash())
        .param("previous", entry.previousHash())
        .param("incident", anchor == null ? null : anchor.incident())
        .param("timelineSeq", anchor == null ? null : anchor.seq())
        .param("timelineHash", anchor == null ? null : anchor.hash())
        .update();
  }

  @Override
  public List<AuditEntry> list(Filter filter, int limit) {
    var conditions = new ArrayList<>(List.of("true"));
    var values = new HashMap<String, Object>();
    if (filter.actor() != null) {
      conditions.add("actor in (:actor, 'user:' || :actor)");
      values.put("actor", filter.actor());
    }
    if (filter.from() != null) {
      conditions.add("at >= :from");
      values.put("from", utc(filter.from()));
    }
    if (filter.to() != null) {
      conditions.add("at < :to");
      values.put("to", utc(filter.to()));
    }
    if (filter.below() != null) {
      conditions.add("seq < :below");
      values.put("below", filter.below());
    }
    values.put("limit", limit);
    return jdbc.sql(
            "select * from audit_entry where "
                + String.join(" and ", conditions)
                + " order by seq desc limit :limit")
        .params(values)
        .query(JdbcAuditTrail::entry)
        .list();
  }

  @Override
  public Verification verify() {
    // Before the entries: what is appended meanwhile must not look like entries that are missing.
    long written = jdbc.sql("select seq from audit_head").query(Long.class).optional().orElse(0L);
    var chain = new AuditChain();
    var page = after(0);
    while (!page.isEmpty()) {
      for (var entry : page) {
        var fault = chain.check(entry);
        if (!fault.isEmpty()) {
          return new Verification(false, chain.seq(), chain.seq() + 1, fault, chain.last());
        }
      }
      page = after(chain.seq());
    }
    var rewritten = rewritten();
    if (rewritten.isPresent()) {
      return new Verification(
          false, chain.seq(), rewritten.get().at(), rewritten.get().words(), chain.last());
    }
    return written > chain.seq()
        ? new Verification(
            false,
            chain.seq(),
            chain.seq() + 1,
            "entries up to %d were written; the last %d are missing"
                .formatted(written, written - chain.seq()),
            chain.last())
        : new Verification(true, chain.seq(), null, null, chain.last());
  }

  /** The first entry that saw a timeline end as it does not any more. */
  private record Rewritten(long at, UUID incident, long seq) {
    String words() {
      return "the timeline of incident %s was rewritten: its entry %d is not the one that entry %d saw"
          .formatted(incident, seq, at);
    }
  }

  private Optional<Rewritten> rewritten() {
    return jdbc.sql(
            """
            select a.seq, a.incident_id, a.timeline_seq
            from audit_entry a left join timeline_entry t
              on t.incident_id = a.incident_id and t.seq = a.timeline_seq
            where a.incident_id is not null and t.hash is distinct from a.timeline_hash
            order by a.seq limit 1
            """)
        .query((row, i) ->
            new Rewritten(
                row.getLong("seq"),
                row.getObject("incident_id", UUID.class),
                row.getLong("timeline_seq")))
        .optional();
  }

  private List<AuditEntry> after(long seq) {
    return jdbc.sql("select * from audit_entry where seq > ? order by seq limit ?")
        .params(seq, PAGE)
        .query(JdbcAuditTrail::entry)
        .list();
  }

  private static AuditEntry entry(ResultSet row, int i) throws SQLException {
    var incident = row.getObject("incident_id", UUID.class);
    return new AuditEntry(
        row.getLong("seq"),
        instant(row, "at"),
        row.getString("actor"),
        row.getString("remote"),
        row.getString("action"),
        row.getString("subject"),
        row.getString("outcome"),
        incident == null
            ? null
            : new Anchor(incident, row.getLong("timeline_seq"), row.getString("timeline_hash")),
        row.getString("hash"),
        row.getString("previous_hash"));
  }
}

package dev.watchtower.incident.audit.jdbc;

import static dev.watchtower.incident.jdbc.Columns.instant;
import static dev.watchtower.incident.jdbc.Columns.utc;

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
    for (var deed : deeds) {
      insert(chain.add(deed));
    }
    jdbc.sql("update audit_head set seq = ?, hash = ?").params(chain.seq(), chain.last()).update();
  }

  private void insert(AuditEntry entry) {
    jdbc.sql(
            """
            insert into audit_entry
              (seq, at, actor, remote, action, subject, outcome, hash, previous_hash)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            entry.seq(),
            utc(entry.at()),
            entry.actor(),
            entry.from(),
            entry.action(),
            entry.subject(),
            entry.outcome(),
            entry.hash(),
            entry.previousHash())
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

  private List<AuditEntry> after(long seq) {
    return jdbc.sql("select * from audit_entry where seq > ? order by seq limit ?")
        .params(seq, PAGE)
        .query(JdbcAuditTrail::entry)
        .list();
  }

  private static AuditEntry entry(ResultSet row, int i) throws SQLException {
    return new AuditEntry(
        row.getLong("seq"),
        instant(row, "at"),
        row.getString("actor"),
        row.getString("remote"),
        row.getString("action"),
        row.getString("subject"),
        row.getString("outcome"),
        row.getString("hash"),
        row.getString("previous_hash"));
  }
}

package dev.watchtower.ingest.storage.jdbc;

import dev.watchtower.ingest.storage.RequestLog.Entry;
import dev.watchtower.ingest.storage.RequestLog.Replay;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Puts entries of the log together from rows in order, and checks them. Not thread-safe. */
final class LogParts {
  /** What {@link #add} reads. */
  static final String COLUMNS = "position, format, samples, body, part, crc";

  /** Bytes of a body in one row, so that the row fits a page. */
  static final int BYTES = 8_000;

  private static final byte[] NOTHING = {};

  private final Replay target;
  private final List<byte[]> bodies = new ArrayList<>();
  private long playedThrough;
  private @Nullable Entry entry;
  private boolean whole;
  private boolean incomplete;

  /**
   * @param after position of the last entry that is of no interest
   */
  LogParts(Replay target, long after) {
    this.target = target;
    this.playedThrough = after;
  }

  /** The last position that was played, or passed over. */
  long playedThrough() {
    return playedThrough;
  }

  /** Whether rows of an entry are gone. Where only bytes have changed, all rows are there. */
  boolean isIncomplete() {
    return incomplete;
  }

  /** The next row. */
  void add(ResultSet row) throws SQLException {
    var position = row.getLong(1);
    if (entry == null || entry.position() != position) {
      end();
      if (position != playedThrough + 1) {
        incomplete = true;
        target.damaged("what is gone before request " + position);
      }
      entry = new Entry(position, row.getInt(2), row.getInt(3), NOTHING);
      whole = true;
    }
    var body = row.getBytes(4);
    if (row.getInt(5) != bodies.size()) {
      incomplete = true;
      whole = false;
    }
    bodies.add(body);
    var crc = row.getInt(6);
    whole &= row.wasNull() || crc == crc(body, 0, body.length);
  }

  /** There are no more rows. */
  void end() {
    var last = entry;
    if (last != null) {
      entry = null;
      playedThrough = last.position();
      if (whole) {
        // Only the last row of a body may be shorter: one that is cut behind a full row lacks some.
        var read = target.entry(last.withBody(joined(bodies)));
        incomplete |= !read && bodies.getLast().length == BYTES;
      } else {
        target.damaged("request " + last.position());
      }
      bodies.clear();
    }
  }

  /** Forgets an entry that is not at its end. */
  void restart() {
    entry = null;
    bodies.clear();
  }

  private static byte[] joined(List<byte[]> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    var all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
    var at = 0;
    for (var part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  static int crc(byte[] bytes, int from, int length) {
    var crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}

package dev.watchtower.ingest.storage.jdbc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/** Writes rows in PostgreSQL's binary COPY format. */
final class BinaryRows {
  private static final byte[] HEADER = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int BUFFER = 1 << 16;

  private final CopyIn copy;
  private ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

  BinaryRows(CopyIn copy) {
    this.copy = copy;
    buffer.put(HEADER).putInt(0).putInt(0);
  }

  void row(int columns) throws SQLException {
    room(2).putShort((short) columns);
  }

  void bigint(long value) throws SQLException {
    room(12).putInt(8).putLong(value);
  }

  void smallint(int value) throws SQLException {
    room(6).putInt(2).putShort((short) value);
  }

  void integer(int value) throws SQLException {
    room(8).putInt(4).putInt(value);
  }

  void bytes(byte[] value) throws SQLException {
    bytes(value, 0, value.length);
  }

  void bytes(byte[] value, int from, int length) throws SQLException {
    room(4 + length).putInt(length).put(value, from, length);
  }

  void end() throws SQLException {
    room(2).putShort((short) -1);
    flush();
    copy.endCopy();
  }

  private ByteBuffer room(int bytes) throws SQLException {
    if (buffer.remaining() < bytes) {
      flush();
      if (buffer.capacity() < bytes) {
        buffer = ByteBuffer.allocate(bytes);
      }
    }
    return buffer;
  }

  private void flush() throws SQLException {
    copy.writeToCopy(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}

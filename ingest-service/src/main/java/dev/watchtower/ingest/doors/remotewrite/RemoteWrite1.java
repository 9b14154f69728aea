package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.storage.LabelBook;
import dev.watchtower.ingest.storage.LabelKey;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import java.io.ByteArrayOutputStream;

/**
 * Decodes {@code prometheus.WriteRequest} (remote write 1.0), decompressed. One object decodes one
 * request.
 */
final class RemoteWrite1 {
  private static final int TIME_SERIES = 1 << 3 | ProtoReader.BYTES;

  /** Where version 2.0 has its series; nothing in 1.0. */
  private static final int TIME_SERIES_2 = 5 << 3 | ProtoReader.BYTES;

  private static final int SAMPLE = 2 << 3 | ProtoReader.BYTES;
  private static final int HISTOGRAM = 4 << 3 | ProtoReader.BYTES;
  private static final int SAMPLE_VALUE = 1 << 3 | ProtoReader.FIXED64;
  private static final int SAMPLE_TIME = 2 << 3 | ProtoReader.VARINT;

  private final byte[] bytes;
  private final ProtoReader reader;
  private final SeriesTable table;
  private final SampleBatch batch;
  private final LabelKey key = new LabelKey();
  private final RequestMemory memory;
  private final PendingSeries pending;
  private final NativeHistograms histograms;
  private final LabelBook book;
  private int last = LabelBook.NONE;

  private RemoteWrite1(
      byte[] bytes,
      int length,
      SeriesTable table,
      SampleBatch batch,
      RequestMemory memory,
      PendingSeries pending,
      LabelBook book) {
    this.pending = pending;
    this.memory = memory;
    this.histograms = new NativeHistograms(memory);
    this.bytes = bytes;
    this.reader = new ProtoReader(bytes, 0, length);
    this.table = table;
    this.book = book;
    this.batch = batch;
  }

  /**
   * Adds the samples of a request to the batch; refused ones are counted there.
   *
   * @param length how many of the bytes are the request
   * @param memory what the request may hold; asked before anything is kept
   * @throws dev.watchtower.ingest.doors.BadBodyException if the bytes are not such a request; then
   *     the batch must not be used
   */
  static NativeHistograms.Outcome decode(
      byte[] bytes, int length, SeriesTable table, SampleBatch batch, RequestMemory memory) {
    return new RemoteWrite1(bytes, length, table, batch, memory, PendingSeries.sent(), table.book())
        .decode();
  }

  /**
   * The same for one that was made here, whose labels have their service and environment already.
   */
  static NativeHistograms.Outcome stored(
      byte[] bytes, int length, SeriesTable table, SampleBatch batch, RequestMemory memory) {
    if (table.identity().keepsWhatIsSaid()) {
      return decode(bytes, length, table, batch, memory);
    }
    // The same bytes from a sender are another series: nothing is known by them here.
    return new RemoteWrite1(
            bytes, length, table, batch, memory, PendingSeries.stored(), new LabelBook())
        .decode();
  }

  private NativeHistograms.Outcome decode() {
    var series = false;
    var other = false;
    while (reader.hasMore()) {
      var tag = reader.tag();
      other |= tag == TIME_SERIES_2;
      series |= tag == TIME_SERIES;
      if (tag == TIME_SERIES) {
        var outer = reader.enter();
        timeSeries();
        reader.leave(outer);
      } else {
        // Metadata (3), and what newer versions may add.
        reader.skip(tag);
      }
    }
    if (other && !series) {
      // It would look empty, and be lost.
      throw BadBodyException.malformed(
          "this is remote write 2.0; say so with"
              + " Content-Type: application/x-protobuf;proto=io.prometheus.write.v2.Request");
    }
    pending.resolve(table, batch, histograms);
    return histograms.resolve(table, batch);
  }

  private void timeSeries() {
    var first = batch.size();
    var labelsFrom = -1;
    var labelsTo = -1;
    ByteArrayOutputStream gathered = null;
    var guessed = guess();
    if (guessed != LabelBook.NONE) {
      labelsFrom = reader.position();
      labelsTo = labelsFrom + book.length(guessed);
      reader.advance(book.length(guessed));
    }
    while (reader.hasMore()) {
      var from = reader.position();
      var tag = reader.tag();
      switch (tag) {
        case LabelBytes.LABEL -> {
          reader.leave(reader.enter());
          guessed = LabelBook.NONE;
          if (labelsFrom < 0) {
            labelsFrom = from;
          } else if (from != labelsTo || gathered != null) {
            // Labels that do not lie side by side: allowed, and never seen.
            if (gathered == null) {
              gathered = new ByteArrayOutputStream(256);
              gathered.write(bytes, labelsFrom, labelsTo - labelsFrom);
            }
            gathered.write(bytes, from, reader.position() - from);
          }
          labelsTo = reader.position();
        }
        case SAMPLE -> sample();
        case HISTOGRAM -> histograms.read(reader);
        default -> reader.skip(tag);
      }
    }
    if (guessed != LabelBook.NONE) {
      last = guessed;
      var unused = histograms.series(bytes, labelsFrom, labelsTo);
      batch.assign(first, batch.size(), book.head(guessed));
    } else if (gathered != null) {
      var all = gathered.toByteArray();
      memory.use(3L * all.length);
      series(all, 0, all.length, first);
    } else {
      series(bytes, Math.max(0, labelsFrom), Math.max(0, labelsTo), first);
    }
  }

  private void series(byte[] from, int labelsFrom, int labelsTo, int first) {
    var unused = histograms.series(from, labelsFrom, labelsTo);
    if (batch.size() == first) {
      return;
    }
    var known = book.find(key.over(from, labelsFrom, labelsTo));
    if (known == LabelBook.NONE) {
      memory.use(RequestMemory.OBJECT);
      pending.add(from, labelsFrom, labelsTo, first, batch.size());
    } else {
      if (last != LabelBook.NONE) {
        book.follows(last, known);
      }
      last = known;
      batch.assign(first, batch.size(), book.head(known));
    }
  }

  /** The series that came after the last one before, if its very labels stand here. */
  private int guess() {
    return last == LabelBook.NONE
        ? LabelBook.NONE
        : book.following(last, bytes, reader.position(), reader.end());
  }

  private void sample() {
    memory.use(RequestMemory.SAMPLE);
    if (reader.atUsualSample()) {
      batch.add(null, reader.usualTime(), reader.usualValue());
      reader.passUsualSample();
      return;
    }
    var outer = reader.enter();
    var value = 0.0;
    var ts = 0L;
    while (reader.hasMore()) {
      var tag = reader.tag();
      switch (tag) {
        case SAMPLE_VALUE -> value = reader.doubleValue();
        case SAMPLE_TIME -> ts = reader.varint();
        default -> reader.skip(tag);
      }
    }
    reader.leave(outer);
    batch.add(null, ts, value);
  }
}

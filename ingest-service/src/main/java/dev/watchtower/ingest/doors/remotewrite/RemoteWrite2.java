package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.storage.LabelKey;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Decodes {@code io.prometheus.write.v2.Request} (remote write 2.0-rc.4), decompressed: labels are
 * references into a table of symbols. One object decodes one request.
 */
final class RemoteWrite2 {
  private static final int SYMBOL = 4 << 3 | ProtoReader.BYTES;

  /** Where version 1.0 has its series; reserved in 2.0. */
  private static final int TIME_SERIES_1 = 1 << 3 | ProtoReader.BYTES;

  private static final int TIME_SERIES = 5 << 3 | ProtoReader.BYTES;
  private static final int REFS_PACKED = 1 << 3 | ProtoReader.BYTES;
  private static final int REF = 1 << 3 | ProtoReader.VARINT;
  private static final int SAMPLE = 2 << 3 | ProtoReader.BYTES;
  private static final int HISTOGRAM = 3 << 3 | ProtoReader.BYTES;
  private static final int SAMPLE_VALUE = 1 << 3 | ProtoReader.FIXED64;
  private static final int SAMPLE_TIME = 2 << 3 | ProtoReader.VARINT;

  private final byte[] bytes;
  private final int length;
  private final SeriesTable table;
  private final SampleBatch batch;
  private final LabelKey key = new LabelKey();
  private final RequestMemory memory;
  private final PendingSeries pending = PendingSeries.sent();
  private final ByteArrayOutputStream labels = new ByteArrayOutputStream(256);
  private int[] symbolFrom = new int[64];
  private int[] symbolTo = new int[64];
  private int symbols;
  private int[] refs = new int[32];
  private int refCount;

  /** The longest labels spelled out so far: the buffer for them stays that long. */
  private long spelledBytes;

  private final NativeHistograms histograms;

  private RemoteWrite2(
      byte[] bytes, int length, SeriesTable table, SampleBatch batch, RequestMemory memory) {
    this.memory = memory;
    this.histograms = new NativeHistograms(memory);
    this.bytes = bytes;
    this.length = length;
    this.table = table;
    this.batch = batch;
  }

  /**
   * Adds the samples of a request to the batch; refused ones are counted there.
   *
   * @param length how many of the bytes are the request
   * @param memory what the request may hold; asked before anything is kept
   * @throws BadBodyException if the bytes are not such a request; then the batch must not be used
   */
  static NativeHistograms.Outcome decode(
      byte[] bytes, int length, SeriesTable table, SampleBatch batch, RequestMemory memory) {
    var decoder = new RemoteWrite2(bytes, length, table, batch, memory);
    // Symbols may stand anywhere.
    decoder.readSymbols();
    return decoder.readSeries();
  }

  private void readSymbols() {
    var reader = new ProtoReader(bytes, 0, length);
    while (reader.hasMore()) {
      var tag = reader.tag();
      if (tag != SYMBOL) {
        reader.skip(tag);
        continue;
      }
      if (symbols == symbolFrom.length) {
        // An empty one is two bytes on the wire.
        memory.use(16L * symbols);
        symbolFrom = Arrays.copyOf(symbolFrom, symbols * 2);
        symbolTo = Arrays.copyOf(symbolTo, symbols * 2);
      }
      var outer = reader.enter();
      symbolFrom[symbols] = reader.position();
      symbolTo[symbols++] = reader.end();
      reader.leave(outer);
    }
    if (symbols > 0 && symbolFrom[0] != symbolTo[0]) {
      throw BadBodyException.malformed("the first symbol must be empty");
    }
  }

  private NativeHistograms.Outcome readSeries() {
    var reader = new ProtoReader(bytes, 0, length);
    var series = false;
    var other = false;
    while (reader.hasMore()) {
      var tag = reader.tag();
      other |= tag == TIME_SERIES_1;
      series |= tag == TIME_SERIES;
      if (tag == TIME_SERIES) {
        var outer = reader.enter();
        timeSeries(reader);
        reader.leave(outer);
      } else {
        reader.skip(tag);
      }
    }
    if (other && !series) {
      // It would look empty, and be lost.
      throw BadBodyException.malformed(
          "this is remote write 1.0; say so with"
              + " Content-Type: application/x-protobuf;proto=prometheus.WriteRequest");
    }
    pending.resolve(table, batch, histograms);
    return histograms.resolve(table, batch);
  }

  private void timeSeries(ProtoReader reader) {
    var first = batch.size();
    refCount = 0;
    var some = false;
    while (reader.hasMore()) {
      var tag = reader.tag();
      switch (tag) {
        case REFS_PACKED -> {
          var outer = reader.enter();
          while (reader.hasMore()) {
            ref(reader.varint());
          }
          reader.leave(outer);
        }
        case REF -> ref(reader.varint());
        case SAMPLE -> sample(reader);
        case HISTOGRAM -> {
          histograms.read(reader);
          some = true;
        }
        default -> reader.skip(tag);
      }
    }
    if (refCount % 2 != 0) {
      throw BadBodyException.malformed("a label reference without its value");
    }
    if (some && batch.size() > first) {
      throw BadBodyException.malformed("a series with samples and histograms");
    }
    if (some || batch.size() > first) {
      series(first);
    }
  }

  private void ref(long ref) {
    if (ref < 0 || ref >= symbols) {
      throw BadBodyException.malformed("symbol " + ref + " of " + symbols);
    }
    if (refCount == refs.length) {
      memory.use(8L * refCount);
      refs = Arrays.copyOf(refs, refCount * 2);
    }
    refs[refCount++] = (int) ref;
  }

  /** Spells the labels out as version 1.0 does, so that both versions share the known series. */
  private void series(int first) {
    labels.reset();
    // Without their texts: tags and lengths.
    var spelling = 4L * refCount;
    for (var i = 0; i < refCount; i++) {
      spelling += symbolTo[refs[i]] - symbolFrom[refs[i]];
    }
    if (spelling > spelledBytes) {
      // A long symbol may be named by many references of one byte.
      memory.use(2 * (spelling - spelledBytes));
      spelledBytes = spelling;
    }
    for (var i = 0; i < refCount; i += 2) {
      var name = symbolTo[refs[i]] - symbolFrom[refs[i]];
      var value = symbolTo[refs[i + 1]] - symbolFrom[refs[i + 1]];
      labels.write(LabelBytes.LABEL);
      var valueSize = value == 0 ? 0 : 1 + ProtoWriter.varintSize(value) + value;
      ProtoWriter.varint(labels, 1 + ProtoWriter.varintSize(name) + name + valueSize);
      labels.write(LabelBytes.NAME);
      ProtoWriter.varint(labels, name);
      labels.write(bytes, symbolFrom[refs[i]], name);
      if (value > 0) {
        labels.write(LabelBytes.VALUE);
        ProtoWriter.varint(labels, value);
        labels.write(bytes, symbolFrom[refs[i + 1]], value);
      }
    }
    var spelled = labels.toByteArray();
    if (histograms.series(spelled, 0, spelled.length)) {
      memory.use(RequestMemory.OBJECT + spelled.length);
    }
    if (batch.size() == first) {
      return;
    }
    var head = table.find(key.over(spelled, 0, spelled.length));
    if (head == null) {
      memory.use(RequestMemory.OBJECT + spelled.length);
      pending.add(spelled, 0, spelled.length, first, batch.size());
    } else {
      batch.assign(first, batch.size(), head);
    }
  }

  private void sample(ProtoReader reader) {
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
    memory.use(RequestMemory.SAMPLE);
    batch.add(null, ts, value);
  }
}

package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.storage.BodyCodec;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import dev.watchtower.ingest.storage.WriteResult;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes remote-write requests. The version is chosen by the content type, never guessed: a 2.0 body
 * read as 1.0 would look empty and be lost. Thread-safe.
 */
public final class RemoteWriteDoor {
  /** A version of the protocol. */
  public enum Version {
    /** 1.0. */
    V1(BodyCodec.REMOTE_WRITE_1),
    /** 2.0. */
    V2(BodyCodec.REMOTE_WRITE_2);

    private final int format;

    Version(int format) {
      this.format = format;
    }
  }

  /**
   * What became of a request.
   *
   * @param samples floats that are stored now, or were
   * @param histograms native histograms of which that is true of all samples
   */
  public record Written(WriteResult result, long samples, long histograms) {
    static Written of(WriteResult result, SampleBatch batch, NativeHistograms.Outcome histograms) {
      var ofHistograms = histograms.samples() - batch.refusedInParts();
      return new Written(
          result,
          Math.max(0, result.stored() + result.duplicates() - ofHistograms + histograms.markers()),
          Math.max(0, histograms.read() - batch.refusedParts()));
    }
  }

  private static final String TYPE = "application/x-protobuf";
  private static final String PROTO_1 = "prometheus.WriteRequest";
  private static final String PROTO_2 = "io.prometheus.write.v2.Request";

  /** Bytes of a sample with its labels, compressed, about: for the first size of a batch. */
  private static final int COMPRESSED_SAMPLE = 20;

  private final TimeSeriesStore store;
  private final LongSupplier maxBytes;

  /**
   * @param maxBytes most bytes of a request, decompressed; asked for each, so that it may change
   */
  public RemoteWriteDoor(TimeSeriesStore store, LongSupplier maxBytes) {
    this.store = store;
    this.maxBytes = maxBytes;
  }

  /**
   * The version that the headers name. A request that names no encoding, or an empty one, is taken
   * for snappy, as Prometheus does: the protocol has no other, and there are clients that leave the
   * name out.
   *
   * @throws BadBodyException unsupported, if they name none that is known
   */
  public static Version version(@Nullable String contentType, @Nullable String contentEncoding) {
    var encoding = contentEncoding == null ? "" : contentEncoding.strip();
    if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("snappy")) {
      throw BadBodyException.unsupported("Content-Encoding must be snappy (block format)");
    }
    var parts = (contentType == null ? "" : contentType).split(";", -1);
    if (!parts[0].strip().toLowerCase(Locale.ROOT).equals(TYPE)) {
      throw BadBodyException.unsupported("Content-Type must be " + TYPE);
    }
    for (var i = 1; i < parts.length; i++) {
      var parameter = parts[i].strip();
      if (parameter.regionMatches(true, 0, "proto=", 0, 6)) {
        var proto = parameter.substring(6).strip().replace("\"", "");
        return switch (proto) {
          case PROTO_1 -> Version.V1;
          case PROTO_2 -> Version.V2;
          default ->
              throw BadBodyException.unsupported(
                  "proto=" + proto + " is not known; " + PROTO_1 + " and " + PROTO_2 + " are");
        };
      }
    }
    return Version.V1;
  }

  /**
   * How many bytes a body says that it becomes.
   *
   * @param body as sent, compressed
   * @throws BadBodyException if it cannot be so, or is over the limit
   */
  public long decompressedLength(byte[] body) {
    return Snappy.claimed(body, maxBytes.getAsLong());
  }

  /**
   * Stores a request.
   *
   * @param body as sent, compressed
   * @param memory what the request may hold; the bytes decompressed are counted already
   * @throws BadBodyException if it cannot be read
   * @throws dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException if it could not be
   *     stored now
   */
  public Written accept(Version version, byte[] body, RequestMemory memory) {
    var batch = new SampleBatch(body.length / COMPRESSED_SAMPLE);
    var table = store.table();
    var histograms =
        RemoteWriteCodec.decode(version.format, body, maxBytes.getAsLong(), table, batch, memory);
    var logged = histograms.ends() ? null : body;
    return Written.of(store.write(table, batch, version.format, logged), batch, histograms);
  }
}

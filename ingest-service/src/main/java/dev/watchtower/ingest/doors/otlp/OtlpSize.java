package dev.watchtower.ingest.doors.otlp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import dev.watchtower.ingest.doors.RequestMemory;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Walks over a request before it is parsed and counts the objects that it will become: an empty
 * data point is two bytes on the wire. Thread-safe.
 */
final class OtlpSize {
  /** Passes over what is not known here: kept, it would be larger than it came. */
  static final Parser<ExportMetricsServiceRequest> PARSER =
      DiscardUnknownFieldsParser.wrap(ExportMetricsServiceRequest.parser());

  /** Bytes of a message, about; histograms' data points are the largest. */
  private static final int MESSAGE = 2 * RequestMemory.OBJECT;

  /** A number of eight bytes may be one on the wire, and its list grows by copying. */
  private static final int NUMBERS = 16;

  private static final int MAX_DEPTH = 100;

  /** The fields of each message by their number: asking protobuf for one costs a search. */
  private static final Map<Descriptor, Map<Integer, FieldDescriptor>> FIELDS =
      new ConcurrentHashMap<>();

  private OtlpSize() {}

  /**
   * Counts what a request will become, and takes the memory for it. In texts that are not UTF-8 the
   * bytes at fault are overwritten with {@code ?}: the parser would refuse the whole request for
   * one attribute of one of its senders, each time.
   *
   * @param body the request's own, as it is changed
   * @throws InvalidProtocolBufferException if it is not protobuf
   * @throws dev.watchtower.ingest.doors.BadBodyException if it is more than there is memory for
   * @throws dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException if it is more than
   *     there is now
   */
  static void count(byte[] body, RequestMemory memory) throws InvalidProtocolBufferException {
    try {
      CodedInputStream in = CodedInputStream.newInstance(body);
      message(in, body, ExportMetricsServiceRequest.getDescriptor(), memory, 0);
      memory.takeCounted();
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException(e);
    }
  }

  private static void message(
      CodedInputStream in, byte[] body, Descriptor type, RequestMemory memory, int depth)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw new InvalidProtocolBufferException("nested too deeply");
    }
    memory.count(MESSAGE);
    Map<Integer, FieldDescriptor> fields = FIELDS.computeIfAbsent(type, OtlpSize::byNumber);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = fields.get(WireFormat.getTagFieldNumber(tag));
      if (field == null || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        if (field != null && field.isRepeated()) {
          memory.count(NUMBERS);
        }
        in.skipField(tag);
        continue;
      }
      int length = in.readRawVarint32();
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        int outer = in.pushLimit(length);
        message(in, body, field.getMessageType(), memory, depth + 1);
        in.popLimit(outer);
      } else {
        memory.count(
            field.isPackable() ? (long) NUMBERS * length : RequestMemory.OBJECT + 2L * length);
        int from = in.getTotalBytesRead();
        in.skipRawBytes(length);
        if (field.getType() == FieldDescriptor.Type.STRING) {
          Utf8.mend(body, from, length);
        }
      }
    }
  }

  private static Map<Integer, FieldDescriptor> byNumber(Descriptor type) {
    Map<Integer, FieldDescriptor> fields = new ConcurrentHashMap<>();
    type.getFields().forEach(field -> fields.put(field.getNumber(), field));
    return fields;
  }
}

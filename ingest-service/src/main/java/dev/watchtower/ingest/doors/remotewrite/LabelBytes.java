package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.series.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** Labels as they lie on the wire: fields 1 of a TimeSeries, each with name (1) and value (2). */
final class LabelBytes {
  static final int LABEL = 1 << 3 | ProtoReader.BYTES;
  static final int NAME = 1 << 3 | ProtoReader.BYTES;
  static final int VALUE = 2 << 3 | ProtoReader.BYTES;

  /** Many times what anybody allows; kept from becoming objects before they are counted. */
  private static final int MAX_LABELS = 1_000;

  private LabelBytes() {}

  /** Labels that cannot be: the sample is refused, the rest of the request is not. */
  static final class BadLabelsException extends Exception {
    BadLabelsException(String message) {
      super(message);
    }
  }

  /** The labels between two places. */
  static Labels parse(byte[] bytes, int from, int to) throws BadLabelsException {
    var labels = new TreeMap<String, String>();
    var reader = new ProtoReader(bytes, from, to);
    while (reader.hasMore()) {
      reader.tag();
      var outer = reader.enter();
      var name = "";
      var value = "";
      while (reader.hasMore()) {
        var tag = reader.tag();
        if (tag == NAME) {
          name = text(bytes, reader);
        } else if (tag == VALUE) {
          value = text(bytes, reader);
        } else {
          reader.skip(tag);
        }
      }
      reader.leave(outer);
      if (labels.size() == MAX_LABELS) {
        throw new BadLabelsException("more than " + MAX_LABELS + " labels");
      }
      if (name.isEmpty()) {
        throw new BadLabelsException("a label without a name");
      }
      if (labels.put(name, value) != null) {
        throw new BadLabelsException("label '" + name + "' stands twice");
      }
    }
    return Labels.of(labels);
  }

  private static String text(byte[] bytes, ProtoReader reader) throws BadLabelsException {
    var outer = reader.enter();
    var from = reader.position();
    var length = reader.end() - from;
    reader.leave(outer);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new BadLabelsException("a label that is not UTF-8");
    }
  }
}

package dev.watchtower.ingest.doors;

import dev.watchtower.ingest.storage.RequestRefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies within a limit each, and all bodies that are worked on at the same time within a
 * share of memory. Thread-safe.
 */
public final class BodyReader {
  private static final int KILOBYTE = RequestMemory.KILOBYTE;

  /**
   * Taken before anything has come, so small: thousands of senders may be slow at the same time.
   */
  private static final int FIRST = 16 * KILOBYTE;

  /**
   * A body is held while it grows, decompressed, and as samples. Where more is made of it, {@link
   * RequestMemory} has to be asked.
   */
  private static final int COPIES = 4;

  /** Of those, what reading it takes. */
  private static final int READ_COPIES = 2;

  /**
   * So much of the memory, one in eight, no single request gets. With less than that in the hands
   * of others, and small requests are always under way, one that could never fit is told so, and is
   * not told to come again whenever it meets them.
   */
  private static final int FOR_OTHERS = 8;

  private static final int INFLATED_AT_ONCE = 8192;

  private final LongSupplier limit;
  private final Semaphore kilobytes;
  private final int kilobytesInAll;

  /** Most bytes that one request can ever get; whole kilobytes. */
  private final long forOne;

  /** A larger body would be sent away again and again with 'later', and never fit. */
  private final long most;

  /**
   * @param limit most bytes of one body, decompressed; asked for each, so that it may change
   * @param maxBytesInAll most bytes of all bodies and what is made of them; one body and what is
   *     made of it can have seven eighths
   */
  public BodyReader(LongSupplier limit, long maxBytesInAll) {
    this.limit = limit;
    var inAll = Math.min(Integer.MAX_VALUE, maxBytesInAll / KILOBYTE);
    this.forOne = (inAll - inAll / FOR_OTHERS) * KILOBYTE;
    this.most = forOne / COPIES - KILOBYTE;
    this.kilobytesInAll = (int) inAll;
    this.kilobytes = new Semaphore(kilobytesInAll);
  }

  /** Most bytes of one body, decompressed: what is asked for, and what there is memory for. */
  public long maxBytes() {
    return Math.min(limit.getAsLong(), most);
  }

  /** Bytes that requests hold now. */
  public long heldBytes() {
    return (long) (kilobytesInAll - kilobytes.availablePermits()) * KILOBYTE;
  }

  /** What is made of a body; it says to the memory what it needs beyond the body itself. */
  @FunctionalInterface
  public interface Use<T> {
    /** Uses the bytes. */
    T of(byte[] body, RequestMemory memory);
  }

  /**
   * Reads a body as it is and uses it.
   *
   * @param declaredLength negative if not known
   * @param decompressed how long the body says it becomes; memory for that is taken before it is
   *     used
   * @throws BadBodyException if it is too large
   * @throws RequestRefusedException if too many bodies are worked on
   */
  public <T> T raw(
      InputStream in, long declaredLength, ToLongFunction<byte[]> decompressed, Use<T> use)
      throws IOException {
    var maxBytes = checked(declaredLength);
    return budgeted(
        in,
        declaredLength,
        maxBytes,
        (body, memory) -> {
          var length = decompressed.applyAsLong(body);
          memory.atLeast((body.length + length) * COPIES);
          memory.use(length);
          return use.of(body, memory);
        });
  }

  /**
   * Reads a body that may be compressed with gzip or deflate, and uses it decompressed.
   *
   * @throws BadBodyException if it is too large, damaged, or encoded in another way
   * @throws RequestRefusedException if too many bodies are worked on
   */
  public <T> T decoded(InputStream in, long declaredLength, @Nullable String encoding, Use<T> use)
      throws IOException {
    var maxBytes = checked(declaredLength);
    var name = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
    if (name.isEmpty() || name.equals("identity")) {
      return budgeted(in, declaredLength, maxBytes, use);
    }
    try {
      return budgeted(inflated(in, name), -1, maxBytes, use);
    } catch (ZipException | EOFException e) {
      throw BadBodyException.malformed("not " + name + ", or not all of it: " + e.getMessage());
    }
  }

  /** What HTTP calls deflate has the frame of zlib; the collector has both names for it. */
  private static InflaterInputStream inflated(InputStream in, String encoding) throws IOException {
    return switch (encoding) {
      case "gzip" -> new GZIPInputStream(in, INFLATED_AT_ONCE);
      case "deflate", "zlib" -> new Deflated(in);
      default ->
          throw BadBodyException.unsupported(
              "Content-Encoding " + encoding + " is not taken; gzip and deflate are");
    };
  }

  /** What needs a dictionary that nobody has would else read as nothing at all. */
  private static final class Deflated extends InflaterInputStream {
    Deflated(InputStream in) {
      super(in, new Inflater(), INFLATED_AT_ONCE);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      var n = super.read(bytes, offset, length);
      if (n < 0 && inf.needsDictionary()) {
        throw new ZipException("it needs a preset dictionary");
      }
      return n;
    }
  }

  private long checked(long declaredLength) {
    var maxBytes = maxBytes();
    if (declaredLength > maxBytes) {
      throw BadBodyException.tooLarge(maxBytes);
    }
    return maxBytes;
  }

  /**
   * @param expected how long it will be, where that is known; what has not come yet takes little
   *     memory, however much is announced
   */
  private <T> T budgeted(InputStream in, long expected, long maxBytes, Use<T> use)
      throws IOException {
    var memory = new RequestMemory(kilobytes, forOne);
    try {
      var bytes = new byte[expected < 0 ? FIRST : (int) Math.min(FIRST, expected)];
      var size = 0;
      while (size != expected) {
        if (size == bytes.length) {
          bytes = Arrays.copyOf(bytes, grown(size, expected));
        }
        var n = next(in, bytes, size);
        if (n < 0) {
          break;
        }
        size += n;
        if (size > maxBytes) {
          throw BadBodyException.tooLarge(maxBytes);
        }
        memory.atLeast((long) size * COPIES);
      }
      memory.use((long) size * READ_COPIES);
      return use.of(size == bytes.length ? bytes : Arrays.copyOf(bytes, size), memory);
    } finally {
      memory.release();
    }
  }

  /**
   * The next bytes. A body that ends before its end, or comes so slowly that the connection was
   * ended, is not the sender's fault for certain: it may come again.
   */
  private static int next(InputStream in, byte[] bytes, int size) throws IOException {
    try {
      return in.read(bytes, size, bytes.length - size);
    } catch (ZipException e) {
      throw e;
    } catch (EOFException e) {
      if (in instanceof InflaterInputStream) {
        throw e;
      }
      throw incomplete(e);
    } catch (IOException e) {
      throw incomplete(e);
    }
  }

  private static RequestRefusedException incomplete(IOException e) {
    return new RequestRefusedException(
        RequestRefusedException.Reason.INCOMPLETE, "the body did not come to its end in time", e);
  }

  /** Twice as much, but no more than is to come. */
  private static int grown(int size, long expected) {
    var twice = Math.min(Integer.MAX_VALUE - 8, 2L * size);
    return (int) (expected > size ? Math.min(twice, expected) : twice);
  }
}

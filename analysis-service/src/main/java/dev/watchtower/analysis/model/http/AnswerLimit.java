package dev.watchtower.analysis.model.http;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/**
 * Cuts an answer off, with an error, after {@link #MOST} bytes, unpacked: the client would keep all
 * that a server sends within the time limit, which may be more than the heap holds. Safe for use by
 * several threads.
 */
final class AnswerLimit implements Interceptor {
  /**
   * Bytes. Sixteen times what {@link JsonAnswerReader} reads: a server may tell a model's thoughts
   * beside its answer, and JSON may take six bytes for a letter.
   */
  static final long MOST = 1L << 20;

  /** There was more. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("more than " + MOST + " bytes");
    }
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    var response = chain.proceed(chain.request());
    var body = response.body();
    if (body == null) {
      return response;
    }
    return response
        .newBuilder()
        .body(
            ResponseBody.create(
                Okio.buffer(new Limited(body.source())), body.contentType(), body.contentLength()))
        .build();
  }

  private static final class Limited extends ForwardingSource {
    private long read;

    Limited(Source all) {
      super(all);
    }

    @Override
    public long read(Buffer sink, long most) throws IOException {
      long count = super.read(sink, most);
      read += Math.max(0, count);
      if (read > MOST) {
        throw new TooLong();
      }
      return count;
    }
  }
}

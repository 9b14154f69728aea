package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.bench.SeriesLoad;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The compressed requests of one connection, made before anything is measured, so that every system
 * gets the same bytes and making them costs nobody's time.
 *
 * @param bodies how many requests
 * @param samples samples in each
 * @param firstMillis time of the first round
 */
record LoadFile(Path file, int bodies, int samples, long firstMillis) {
  private static final int BUFFER = 1 << 20;

  /** Writes {@code bodies} requests of {@code samples} samples. */
  static LoadFile write(Path file, SeriesLoad load, int bodies, int samples) throws IOException {
    var compressor = new SnappyJavaCompressor();
    var target = new byte[0];
    try (var out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER))) {
      for (int i = 0; i < bodies; i++) {
        var raw = load.body(samples);
        int most = compressor.maxCompressedLength(raw.length);
        if (target.length < most) {
          target = new byte[most];
        }
        int length = compressor.compress(raw, 0, raw.length, target, 0, target.length);
        out.writeInt(length);
        out.write(target, 0, length);
      }
    }
    return new LoadFile(file, bodies, samples, load.firstMillis());
  }

  /** Reads them one after the other: a length, then as many bytes. */
  DataInputStream open() throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
  }
}

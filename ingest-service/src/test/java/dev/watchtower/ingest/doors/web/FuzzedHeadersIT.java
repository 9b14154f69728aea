package dev.watchtower.ingest.doors.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged headers of CloudEvents in binary mode, byte by byte as no client library sends them. */
class FuzzedHeadersIT extends IngestContext {
  private static final int ROUNDS = 200;
  private static final String BODY = "{\"service\":\"s\",\"text\":\"t\"}";
  private static final String[] HEADERS = {
    "Content-Type: application/json",
    "ce-specversion: 1.0",
    "ce-id: h-%c3%a9%20%22x",
    "ce-source: /f",
    "ce-type: dev.watchtower.annotation",
    "ce-time: 2026-01-01T00:00:00Z",
    "ce-subject: \"a \\\"quoted\\\" one\"",
    "ce-dataschema: https://example.org/%c3%a9",
    "ce-extension: 7"
  };

  @Test
  void areAnsweredWithoutAFaultOfOurs() throws IOException {
    assertThat(status(bytes(HEADERS))).isEqualTo(200);
    var random = new Random(18);
    for (var round = 0; round < ROUNDS; round++) {
      var headers = round % 2 == 0 ? oneDamaged(random) : FuzzIT.damaged(bytes(HEADERS), random);
      var from = System.nanoTime();
      assertThat(status(headers))
          .as("round %d: %s", round, new String(headers, StandardCharsets.ISO_8859_1))
          .isBetween(200, 499);
      assertThat((System.nanoTime() - from) / 1_000_000).as("round %d", round).isLessThan(5000);
    }
  }

  /** One value is damaged; a line stays a line, so that more of it comes to the door. */
  private static byte[] oneDamaged(Random random) {
    var headers = HEADERS.clone();
    var at = random.nextInt(headers.length);
    var value = headers[at].indexOf(' ') + 1;
    var damaged =
        new String(
            FuzzIT.damaged(bytes(headers[at].substring(value)), random),
            StandardCharsets.ISO_8859_1);
    headers[at] = headers[at].substring(0, value) + damaged.replaceAll("[\\x00-\\x1f\\x7f]", "%00");
    return bytes(headers);
  }

  private static byte[] bytes(String... lines) {
    return String.join("\r\n", lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  private int status(byte[] headers) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      var out = socket.getOutputStream();
      out.write(
          bytes(
              "POST /api/v1/events HTTP/1.1",
              "Host: x",
              "Connection: close",
              "Authorization: Bearer " + writeToken(),
              "Content-Length: " + BODY.length(),
              ""));
      out.write(headers);
      out.write(bytes("", "", BODY));
      var answer = socket.getInputStream().readNBytes(12);
      var line = new String(answer, StandardCharsets.ISO_8859_1);
      assertThat(line).as(Arrays.toString(headers)).startsWith("HTTP/1.1 ");
      return Integer.parseInt(line.substring(9));
    }
  }
}

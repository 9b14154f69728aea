package dev.watchtower.launcher.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of the answers of a server, against a socket that gives them. */
class PostgresServerTest {
  @TempDir private Path folder;

  @Test
  void tellsAServerThatRecoversFromOneThatRefuses() throws Exception {
    assertThat(stateAfter(error("57P03", "the database system is starting up")))
        .isEqualTo(PostgresServer.State.NOT_YET);
    assertThat(stateAfter(error("53300", "sorry, too many clients already")))
        .isEqualTo(PostgresServer.State.REFUSING);
    assertThat(stateAfter(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 3}))
        .isEqualTo(PostgresServer.State.ACCEPTING);
    assertThat(stateAfter(new byte[0])).isEqualTo(PostgresServer.State.SILENT);
    assertThat(stateAfter(new byte[] {'E', -1, -1, -1, -1}))
        .isEqualTo(PostgresServer.State.REFUSING);
  }

  @Test
  void doesNotWaitForOneThatTakesTheConnectionAndHangs() throws Exception {
    try (var hanging = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      long begin = System.nanoTime();
      assertThat(server(hanging).state()).isEqualTo(PostgresServer.State.SILENT);
      assertThat(System.nanoTime() - begin).isLessThan(10_000_000_000L);
    }
  }

  @Test
  void saysWhyTheDatabaseCannotBeMadeAndLeavesNothing() throws Exception {
    var program = Files.createDirectories(folder.resolve("bin")).resolve("initdb");
    Files.writeString(program, "#!/bin/sh\necho 'no room on this disk' >&2\nexit 1\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    var server = new PostgresServer(new PostgresBinaries(folder), folder.resolve("pg"), 1);

    assertThatThrownBy(() -> server.initialise("secret"))
        .isInstanceOf(IOException.class)
        .hasMessage("initdb failed: no room on this disk");

    assertThat(folder.resolve("pg")).isEmptyDirectory();
  }

  private PostgresServer.State stateAfter(byte[] answer) throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var serving = Thread.ofVirtual().start(() -> answerOnce(socket, answer));
      var state = server(socket).state();
      serving.join();
      return state;
    }
  }

  private static void answerOnce(ServerSocket socket, byte[] answer) {
    try (var connection = socket.accept()) {
      var in = new DataInputStream(connection.getInputStream());
      in.skipNBytes(in.readInt() - Integer.BYTES);
      connection.getOutputStream().write(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] error(String state, String message) throws IOException {
    byte[] fields =
        ("SFATAL\0VFATAL\0C" + state + "\0M" + message + "\0\0").getBytes(StandardCharsets.UTF_8);
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.write('E');
      out.writeInt(fields.length + Integer.BYTES);
      out.write(fields);
    }
    return bytes.toByteArray();
  }

  private PostgresServer server(ServerSocket socket) {
    return new PostgresServer(new PostgresBinaries(folder), folder, socket.getLocalPort());
  }
}

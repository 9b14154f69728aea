package dev.watchtower.launcher.postgres;

import dev.watchtower.launcher.files.Trees;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The embedded PostgreSQL server: its data directory and its command. The server runs as a child of
 * the supervisor itself; nothing here starts it.
 */
public final class PostgresServer {
  /** The administrator of the server; only the launcher uses it. */
  public static final String ADMIN = "watchtower";

  /** The database that all services share, each in its own schema. */
  public static final String DATABASE = "watchtower";

  private static final int PROBE_MILLIS = 1500;

  /** It writes 40 MB and forces them to disk, which takes a second on most. */
  private static final Duration INITDB_LIMIT = Duration.ofMinutes(5);

  private static final int MOST_ANSWER = 4096;
  private static final int MAX_CONNECTIONS = 150;

  /** SQLSTATE cannot_connect_now, as a field of an error: starting, recovering or ending. */
  private static final String NOT_YET = "C57P03\0";

  private final PostgresBinaries binaries;
  private final Path folder;
  private final Path data;
  private final int port;

  /**
   * The server on {@code port} with its data in {@code folder/data}.
   *
   * @param folder made if it is not there
   */
  public PostgresServer(PostgresBinaries binaries, Path folder, int port) {
    this.binaries = binaries;
    this.folder = folder.toAbsolutePath();
    this.data = this.folder.resolve("data");
    this.port = port;
  }

  /** The major version that wrote the data in {@code folder}; 0 where there is none yet. */
  public static int majorOf(Path folder) throws IOException {
    var file = folder.resolve("data").resolve("PG_VERSION");
    if (!Files.exists(file)) {
      return 0;
    }
    var text = Files.readString(file).strip();
    return text.matches("\\d{1,4}") ? Integer.parseInt(text) : -1;
  }

  /**
   * A server that runs on the data in {@code folder}, whoever has started it. Where the system does
   * not tell how a process was called, none is seen; the server itself would refuse then.
   */
  public static Optional<ProcessHandle> holder(Path folder) throws IOException {
    return ServerLock.in(folder.toAbsolutePath().resolve("data")).flatMap(ServerLock::holder);
  }

  /**
   * Makes the data directory where there is none.
   *
   * @throws IOException if {@code initdb} fails; the message has the end of what it said
   */
  public void initialise(String adminPassword) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    if (Files.exists(data.resolve("PG_VERSION"))) {
      return;
    }
    var user = ServerUser.find(folder);
    // Made beside its place and moved at the end: a broken-off attempt is never taken for a
    // database.
    var part = folder.resolve("data.part");
    Trees.delete(part);
    var password = folder.resolve("pw");
    Files.deleteIfExists(password);
    Files.createFile(
        password,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(password, adminPassword + "\n");
      user.handOver(folder);
      var command = new ArrayList<>(user.prefix());
      command.addAll(
          List.of(
              binaries.program("initdb").toString(),
              "--pgdata=" + part,
              "--username=" + ADMIN,
              "--pwfile=" + password,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--no-locale",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8"));
      run(command);
      Files.move(part, data, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(password);
    }
  }

  /** The command that runs the server in the foreground. */
  public List<String> command() throws IOException {
    ServerLock.removeStale(data);
    var command = new ArrayList<>(ServerUser.find(folder).prefix());
    command.add(binaries.program("postgres").toString());
    command.addAll(List.of("-D", data.toString()));
    settings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    return List.copyOf(command);
  }

  /** Where the server's data is. */
  public Path directory() {
    return data;
  }

  /** The address for JDBC of {@code database} on this server. */
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** What the server says to one who wants to connect. */
  public enum State {
    /** Nothing. */
    SILENT,
    /** It starts, recovers from a crash, or ends. */
    NOT_YET,
    /** It asks for the password. */
    ACCEPTING,
    /** No, for another reason; such as too many connections. */
    REFUSING
  }

  /** Whether the server takes connections; as {@link #state}. */
  public boolean accepting() {
    return state() == State.ACCEPTING;
  }

  /** How the server is; answers within about two seconds. */
  public State state() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROBE_MILLIS);
      socket.setSoTimeout(PROBE_MILLIS);
      // A start-up packet without a password, as pg_isready sends it: 'R' asks for the password,
      // 'E' says why not.
      byte[] parameters =
          ("user\0" + ADMIN + "\0database\0postgres\0\0").getBytes(StandardCharsets.UTF_8);
      var packet = ByteBuffer.allocate(8 + parameters.length);
      packet.putInt(8 + parameters.length).putInt(3 << 16).put(parameters);
      socket.getOutputStream().write(packet.array());
      return answer(new DataInputStream(socket.getInputStream()));
    } catch (IOException e) {
      return State.SILENT;
    }
  }

  private static State answer(DataInputStream in) throws IOException {
    return switch (in.read()) {
      case 'R' -> State.ACCEPTING;
      case 'E' -> {
        int length = Math.clamp(in.readInt() - Integer.BYTES, 0, MOST_ANSWER);
        var fields = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        yield fields.contains(NOT_YET) ? State.NOT_YET : State.REFUSING;
      }
      default -> State.SILENT;
    };
  }

  private Map<String, String> settings() {
    return Map.ofEntries(
        Map.entry("listen_addresses", "127.0.0.1"),
        Map.entry("port", Integer.toString(port)),
        Map.entry("unix_socket_directories", ""),
        Map.entry("fsync", "on"),
        Map.entry("synchronous_commit", "on"),
        Map.entry("full_page_writes", "on"),
        Map.entry("max_connections", Integer.toString(MAX_CONNECTIONS)),
        Map.entry("shared_buffers", "64MB"),
        Map.entry("max_wal_size", "2GB"),
        // Kept to be written over: what LogReserve makes, and a flood would have to wait for.
        Map.entry("min_wal_size", "1GB"),
        Map.entry("wal_compression", "on"),
        Map.entry("jit", "off"),
        Map.entry("cluster_name", "watchtower"),
        Map.entry("log_line_prefix", "%m [%p] %u "));
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    // Into a file: reading what it says would last as long as it does.
    var output = folder.resolve("initdb.log");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(INITDB_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(
            "initdb does not end within " + INITDB_LIMIT.toSeconds() + " s: is the disk slow?");
      }
      if (process.exitValue() != 0) {
        var said = Files.readString(output).strip();
        throw new IOException("initdb failed: " + said.substring(Math.max(0, said.length() - 500)));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.deleteIfExists(output);
    }
  }
}

package dev.watchtower.launcher.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.launcher.lifecycle.Phase;
import dev.watchtower.launcher.lifecycle.ProcessEvent;
import dev.watchtower.launcher.postgres.jdbc.LogReserve;
import dev.watchtower.launcher.postgres.jdbc.SchemaRoles;
import dev.watchtower.launcher.supervisor.ProcessRecords;
import dev.watchtower.launcher.supervisor.ProcessSpec;
import dev.watchtower.launcher.supervisor.ProcessSpec.EndSignal;
import dev.watchtower.launcher.supervisor.ProcessSpec.Launch;
import dev.watchtower.launcher.supervisor.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real server programs. */
class EmbeddedPostgresIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void keepsItsDataOverKillAndRestartAndKeepsRolesApart() throws Exception {
    var server = server();
    server.initialise("admin-secret");
    server.initialise("another, which changes nothing");
    assertThat(PostgresServer.majorOf(folder.resolve("pg"))).isEqualTo(PostgresBinaries.MAJOR);
    var roles = new SchemaRoles(server, "admin-secret");
    try (var supervisor = supervisor(server)) {
      supervisor.tell("postgres", new ProcessEvent.Start());
      healthy(supervisor);
      roles.provide("watchtower", Map.of("ingest", "a'b", "incident", "other"));
      roles.provide("watchtower", Map.of("ingest", "a'b", "incident", "other"));
      try (var connection = connect(server, "ingest", "a'b")) {
        run(connection, "create table ingest.kept (n int)");
        run(connection, "insert into ingest.kept values (42)");
        assertThat(one(connection, "show fsync")).isEqualTo("on");
        assertThatThrownBy(() -> run(connection, "create table incident.stolen (n int)"))
            .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> run(connection, "create table public.stray (n int)"))
            .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> run(connection, "create database other"))
            .hasMessageContaining("permission denied");
      }
      try (var connection = connect(server, PostgresServer.ADMIN, "admin-secret")) {
        assertThat(one(connection, "select rolpassword from pg_authid where rolname = 'ingest'"))
            .startsWith("SCRAM-SHA-256$1:");
      }
      var reserve = new LogReserve(server, roles);
      // The files of 1 GB, but for the one that is written.
      assertThat(reserve.fill()).isBetween(60, 64);
      try (var connection = connect(server, PostgresServer.ADMIN, "admin-secret")) {
        var written = one(connection, "select pg_current_wal_insert_lsn()");
        assertThat(reserve.fill()).isBetween(60, 64);
        // Nothing was missing, so no file was begun.
        assertThat(one(connection, "select pg_walfile_name(pg_current_wal_insert_lsn())"))
            .isEqualTo(one(connection, "select pg_walfile_name('" + written + "')"));
      }
      var pid = supervisor.processes().getFirst().pid();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      assertThat(
              supervisor.await(
                  all -> all.getFirst().restarts() == 1 && all.getFirst().phase() == Phase.HEALTHY,
                  LIMIT))
          .isTrue();
      assertKept(server);
    }
    assertThat(server.accepting()).isFalse();
    try (var again = supervisor(server)) {
      again.tell("postgres", new ProcessEvent.Start());
      healthy(again);
      assertKept(server);
      roles.drop("watchtower");
      assertThatThrownBy(() -> connect(server, "ingest", "a'b").close())
          .hasMessageContaining("does not exist");
      assertThatThrownBy(() -> connect(server, "ingest", "wrong").close())
          .isInstanceOf(SQLException.class);
    }
  }

  private PostgresServer server() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new PostgresServer(
          PostgresBinaries.unpackedIn(folder.resolve("programs")),
          folder.resolve("pg"),
          free.getLocalPort());
    }
  }

  @SystemEdge("the server is real")
  private Supervisor supervisor(PostgresServer server) throws IOException {
    var spec =
        new ProcessSpec(
            "postgres",
            1,
            false,
            () -> {
              try {
                return new Launch(server.command(), Map.of(), folder);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            server::accepting,
            EndSignal.INT);
    return new Supervisor(
        List.of(spec),
        folder.resolve("logs"),
        new ProcessRecords(folder.resolve("pids"), folder),
        Clock.systemUTC(),
        (before, after) -> {});
  }

  private static void healthy(Supervisor supervisor) throws InterruptedException {
    assertThat(supervisor.await(all -> all.getFirst().phase() == Phase.HEALTHY, LIMIT)).isTrue();
  }

  private static void assertKept(PostgresServer server) throws SQLException {
    try (var connection = connect(server, "ingest", "a'b")) {
      assertThat(one(connection, "select n from ingest.kept")).isEqualTo("42");
    }
  }

  private static Connection connect(PostgresServer server, String user, String password)
      throws SQLException {
    return DriverManager.getConnection(server.url("watchtower"), user, password);
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}

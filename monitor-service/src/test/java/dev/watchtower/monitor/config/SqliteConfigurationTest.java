package dev.watchtower.monitor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.watchtower.common.problem.DatabaseProblems;
import dev.watchtower.common.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class SqliteConfigurationTest {
  @Test
  void nobodyElseMayReadIt(@TempDir Path dir) throws Exception {
    var folder = Files.createDirectory(dir.resolve("monitor"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

    new SqliteConfiguration().dataSource(dir).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void worksAgainOnceItsFileCanBeWrittenAgain(@TempDir Path dir) {
    try (var source = new SqliteConfiguration().dataSource(dir)) {
      var db = JdbcClient.create(source);
      var transaction = new TransactionTemplate(new JdbcTransactionManager(source));
      db.sql("create table note (text text)").update();

      db.sql("pragma query_only = on").update();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> transaction.executeWithoutResult(_ -> write(db)))
            .isInstanceOf(DataAccessException.class);
      }
      db.sql("pragma query_only = off").update();

      transaction.executeWithoutResult(_ -> write(db));
      transaction.executeWithoutResult(status -> {
        write(db);
        status.setRollbackOnly();
      });
      assertThat(db.sql("select count(*) from note").query(Integer.class).single()).isOne();
    }
  }

  @Test
  void aFullDiskIsToldAsSuchUntilThereIsRoomAgain(@TempDir Path dir) {
    try (var source = new SqliteConfiguration().dataSource(dir)) {
      var db = JdbcClient.create(source);
      var transaction = new TransactionTemplate(new JdbcTransactionManager(source));
      db.sql("create table note (text text)").update();
      db.sql("pragma max_page_count = 2").query(Integer.class).single();

      for (int i = 0; i < 2; i++) {
        assertThat(answerTo(() -> writeMuch(db))).hasMessageContaining("The disk is full");
        assertThat(answerTo(() -> transaction.executeWithoutResult(_ -> writeMuch(db))).status())
            .isEqualTo(503);
      }
      db.sql("pragma max_page_count = 1000").query(Integer.class).single();

      transaction.executeWithoutResult(_ -> write(db));
      assertThat(db.sql("select count(*) from note").query(Integer.class).single()).isOne();
    }
  }

  private static Problem answerTo(ThrowingCallable write) {
    return DatabaseProblems.of(catchThrowable(write)).orElseThrow();
  }

  private static void writeMuch(JdbcClient db) {
    db.sql("insert into note values (?)").param("x".repeat(100_000)).update();
  }

  private static void write(JdbcClient db) {
    db.sql("insert into note values ('x')").update();
  }
}

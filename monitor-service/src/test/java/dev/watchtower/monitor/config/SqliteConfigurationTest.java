package dev.watchtower.monitor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

  private static void write(JdbcClient db) {
    db.sql("insert into note values ('x')").update();
  }
}

package dev.watchtower.launcher.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingLogTest {
  @TempDir private Path folder;

  @Test
  void keepsTheNewestAndTwoOlderFiles() throws Exception {
    var log = new RotatingLog(folder.resolve("a.log"), 11);
    for (int i = 0; i < 6; i++) {
      log.drain(new ByteArrayInputStream(("message " + i + "\n").getBytes(StandardCharsets.UTF_8)));
      log.drain(new ByteArrayInputStream("x\n".getBytes(StandardCharsets.UTF_8)));
    }
    log.close();
    assertThat(folder.resolve("a.log")).hasContent("message 5\nx\n");
    assertThat(folder.resolve("a.log.1")).hasContent("message 4\nx\n");
    assertThat(folder.resolve("a.log.2")).hasContent("message 3\nx\n");
    assertThat(folder.resolve("a.log.3")).doesNotExist();
  }

  @Test
  void continuesAnEarlierLog() throws Exception {
    Files.writeString(folder.resolve("a.log"), "before\n");
    var log = new RotatingLog(folder.resolve("a.log"), 1000);
    log.line("after");
    log.close();
    assertThat(folder.resolve("a.log")).hasContent("before\nafter\n");
  }

  @Test
  void nobodyElseMayReadIt() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

    new RotatingLog(folder.resolve("a.log"), 1000).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void saysHowMuchCouldNotBeWritten() throws Exception {
    var log = new RotatingLog(folder.resolve("a.log"), 1000);
    log.close();
    log.drain(new ByteArrayInputStream("12345".getBytes(StandardCharsets.UTF_8)));
    log.drain(new ByteArrayInputStream("rest\n".getBytes(StandardCharsets.UTF_8)));
    log.close();
    assertThat(Files.readString(folder.resolve("a.log")))
        .isEqualTo("watchtower: 5 bytes of this log could not be written\nrest\n");
  }
}

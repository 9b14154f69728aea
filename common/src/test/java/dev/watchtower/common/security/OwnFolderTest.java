package dev.watchtower.common.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFolderTest {
  @TempDir private Path dir;

  @Test
  void isTheOwnersAloneNewOrNot() throws Exception {
    var fresh = dir.resolve("a").resolve("fresh");
    var old = Files.createDirectory(dir.resolve("old"));
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxrwxr-x"));

    assertThat(OwnFolder.make(fresh)).isTrue();
    assertThat(OwnFolder.make(old)).isTrue();

    assertThat(rights(fresh)).isEqualTo("rwx------");
    assertThat(rights(old)).isEqualTo("rwx------");
  }

  @Test
  void saysThatItCannotBeMade() throws Exception {
    var file = Files.createFile(dir.resolve("file"));

    assertThatThrownBy(() -> OwnFolder.make(file.resolve("in"))).isInstanceOf(IOException.class);
  }

  private static String rights(Path folder) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
  }
}

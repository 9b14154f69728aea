package dev.watchtower.common.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFilesTest {
  @TempDir private Path folder;

  @Test
  void replacesAFileForItsOwnerOnly() throws Exception {
    var file = folder.resolve("a.token");
    WholeFiles.replace(file, "first", true);
    WholeFiles.replace(file, "second", true);

    assertThat(file).hasContent("second");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryContaining(file::equals);
  }

  @Test
  void leavesNothingHalfDone() throws Exception {
    // A folder that is not empty cannot be replaced, so the last step fails.
    var file = Files.createDirectories(folder.resolve("a.token"));
    Files.createFile(file.resolve("inside"));

    assertThatThrownBy(() -> WholeFiles.replace(file, "text", false))
        .isInstanceOf(IOException.class);

    assertThat(folder.toFile().list()).containsExactly("a.token");
  }
}

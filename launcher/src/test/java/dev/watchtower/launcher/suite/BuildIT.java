package dev.watchtower.launcher.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.time.SystemEdge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a stand-in for Maven, and this module's own jar as what it builds. */
class BuildIT {
  private static final Path BUILT = Path.of("target", "launcher-0.1.0-SNAPSHOT-app.jar");
  private static final String MODULE = "launcher";

  @TempDir private Path root;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(root.resolve("common/src/main"));
    Files.createDirectories(root.resolve(MODULE + "/src/main"));
    Files.createDirectories(root.resolve(MODULE + "/target"));
    Files.writeString(root.resolve("pom.xml"), "");
    Files.writeString(root.resolve(MODULE + "/src/main/A.java"), "");
  }

  @Test
  void buildsWhatIsMissingOnceAndAgainWhenASourceIsNewer() throws Exception {
    maven(
        "echo '[INFO] Building Watchtower launcher 0.1.0-SNAPSHOT   [3/4]'",
        "ln -f "
            + BUILT.toAbsolutePath()
            + " "
            + MODULE
            + "/target/ 2>/dev/null || cp "
            + BUILT.toAbsolutePath()
            + " "
            + MODULE
            + "/target/");
    build().ensure(List.of(MODULE));
    assertThat(said).contains("  3/4 Watchtower launcher");
    assertThat(new JavaRuns(layout()).jar(MODULE)).exists();
    assertThat(new JavaRuns(layout()).folder(MODULE).resolve("lib")).isDirectory();

    said.clear();
    build().ensure(List.of(MODULE));
    assertThat(said).isEmpty();

    later(root.resolve(MODULE + "/src/main/A.java"));
    build().ensure(List.of(MODULE));
    assertThat(said).anyMatch(line -> line.startsWith("Building launcher"));
  }

  @Test
  void saysWhyTheBuildFailed() throws Exception {
    maven("echo '[ERROR] A.java:[1,1] no such thing'", "exit 1");
    assertThatThrownBy(() -> build().ensure(List.of(MODULE)))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("The build failed; all it said is in ");
    assertThat(said).contains("[ERROR] A.java:[1,1] no such thing");
  }

  private Build build() {
    return new Build(layout(), said::add);
  }

  private Layout layout() {
    return Layout.in(root);
  }

  private void maven(String... lines) throws IOException {
    var script = root.resolve("mvnw");
    Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  @SystemEdge("compared with the times of files")
  private static void later(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
  }
}

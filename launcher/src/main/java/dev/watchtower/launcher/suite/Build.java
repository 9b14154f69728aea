package dev.watchtower.launcher.suite;

import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.launcher.files.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Builds the modules that are not built or older than their sources, and extracts their jars. */
public final class Build {
  private static final Pattern BUILDING =
      Pattern.compile("\\[INFO] Building (.+) \\S+ +\\[(\\d+)/(\\d+)]");
  private static final Set<String> NOT_SOURCES = Set.of("node_modules", "target", "test");
  private static final int SHOWN_LINES = 25;

  private final Layout layout;
  private final JavaRuns runs;
  private final Consumer<String> progress;

  /**
   * A build.
   *
   * @param progress told what happens, a line each
   */
  public Build(Layout layout, Consumer<String> progress) {
    this.layout = layout;
    this.runs = new JavaRuns(layout);
    this.progress = progress;
  }

  /**
   * Sees to it that every module in {@code modules} is built and extracted.
   *
   * @throws Refusal if the build fails, with the end of what it said
   */
  public void ensure(List<String> modules) throws IOException, InterruptedException {
    var stale = new ArrayList<String>();
    for (var module : modules) {
      if (stale(module)) {
        stale.add(module);
      }
    }
    if (!stale.isEmpty()) {
      makePackages(stale);
      for (var module : stale) {
        // Maven leaves a jar alone whose content would be the same: remember that it was looked at.
        touch(stamp(module));
      }
    }
    for (var module : modules) {
      extract(module);
    }
  }

  private boolean stale(String module) throws IOException {
    var jar = runs.builtJar(module);
    if (!Files.exists(jar)) {
      return true;
    }
    if ("off".equals(System.getenv("WATCHTOWER_BUILD"))) {
      // What is built is taken as it is: for images, and for tests that run inside a build.
      return false;
    }
    var built = Files.getLastModifiedTime(jar);
    var stamp = stamp(module);
    if (Files.exists(stamp) && Files.getLastModifiedTime(stamp).compareTo(built) > 0) {
      built = Files.getLastModifiedTime(stamp);
    }
    for (var source :
        List.of(
            layout.root().resolve("pom.xml"),
            layout.root().resolve("common/pom.xml"),
            layout.root().resolve("common/src/main"),
            layout.root().resolve(module).resolve("pom.xml"),
            layout.root().resolve(module).resolve("src/main"))) {
      if (newerThan(source, built)) {
        return true;
      }
    }
    return false;
  }

  private static boolean newerThan(Path source, FileTime built) throws IOException {
    if (!Files.exists(source)) {
      return false;
    }
    boolean[] newer = {false};
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            var name = folder.getFileName();
            return name != null && NOT_SOURCES.contains(name.toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            newer[0] = attributes.lastModifiedTime().compareTo(built) > 0;
            return newer[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
          }
        });
    return newer[0];
  }

  private void makePackages(List<String> modules) throws IOException, InterruptedException {
    progress.accept("Building " + String.join(", ", modules) + " ...");
    Files.createDirectories(layout.run());
    var log = layout.run().resolve("build.log");
    var process =
        new ProcessBuilder(
                layout.root().resolve("mvnw").toString(),
                "-B",
                "-Dfast",
                "-DskipTests",
                "-Dstyle.color=never",
                "-pl",
                String.join(",", modules),
                "-am",
                "package")
            .directory(layout.root().toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var last = new ArrayDeque<String>();
    try (var in = new BufferedReader(process.inputReader(StandardCharsets.UTF_8));
        var out = Files.newBufferedWriter(log)) {
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        out.write(line);
        out.newLine();
        var building = BUILDING.matcher(line);
        if (building.find()) {
          progress.accept(
              "  %s/%s %s".formatted(building.group(2), building.group(3), building.group(1)));
        }
        if (line.startsWith("[ERROR]") || line.startsWith("mvnw:")) {
          last.addLast(line);
          if (last.size() > SHOWN_LINES) {
            last.removeFirst();
          }
        }
      }
    }
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      last.forEach(progress);
      throw new Refusal("The build failed; all it said is in " + log + ".");
    }
  }

  private void extract(String module) throws IOException, InterruptedException {
    var built = runs.builtJar(module);
    var folder = runs.folder(module);
    var mark = folder.resolve("of");
    var identity = Files.getLastModifiedTime(built).toMillis() + " " + Files.size(built);
    if (Files.exists(mark) && Files.readString(mark).equals(identity)) {
      return;
    }
    progress.accept("Preparing " + module + " ...");
    Trees.delete(folder);
    var part = layout.programs().resolve(module + ".part");
    Trees.delete(part);
    Files.createDirectories(layout.programs());
    var process =
        new ProcessBuilder(
                JavaRuns.java(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djarmode=tools",
                "-jar",
                built.toString(),
                "extract",
                "--destination",
                part.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said;
    try (var in = process.getInputStream()) {
      said = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new Refusal("Cannot extract " + built + ": " + said);
    }
    Files.writeString(part.resolve("of"), identity);
    Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path stamp(String module) {
    return layout.programs().resolve(module + ".built");
  }

  @SystemEdge("compared with the times of files, which the system sets")
  private static void touch(Path file) throws IOException {
    Files.writeString(file, "");
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
  }
}

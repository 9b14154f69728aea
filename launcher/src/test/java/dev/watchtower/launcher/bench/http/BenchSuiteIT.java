package dev.watchtower.launcher.bench.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.launcher.suite.Component;
import dev.watchtower.launcher.suite.Layout;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real database, in a process of its own that can be ended. */
class BenchSuiteIT {
  @TempDir private Path root;

  @Test
  void endsItsSuiteWhenTheBenchIsBrokenOff() throws Exception {
    var bench =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Bench.class.getName(),
                root.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long database;
    try (var out = new BufferedReader(bench.inputReader())) {
      database = Long.parseLong(Objects.requireNonNull(out.readLine()));
    }
    assertThat(ProcessHandle.of(database)).isPresent();

    bench.destroy();

    assertThat(bench.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> ProcessHandle.of(database).filter(ProcessHandle::isAlive).isEmpty());
    assertThat(root.resolve(".watchtower/bench/run/supervisor")).doesNotExist();
  }

  /** A bench that never comes to its end. */
  static final class Bench {
    private Bench() {}

    @SystemEdge("the suite is real")
    public static void main(String[] arguments) throws Exception {
      var layout = Layout.in(Path.of(arguments[0]));
      Files.createDirectories(layout.data());
      var suites = new BenchSuite(layout, Clock.systemUTC(), System.err::println);
      try (var suite =
          suites.start(List.of(Component.POSTGRES), "version: 1\nservices: []\n", Map.of())) {
        System.out.println(suite.running().supervisor().processes().getFirst().pid());
        new CountDownLatch(1).await();
      }
    }
  }
}

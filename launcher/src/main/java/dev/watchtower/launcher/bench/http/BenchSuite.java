package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.files.Trees;
import dev.watchtower.launcher.suite.Build;
import dev.watchtower.launcher.suite.Component;
import dev.watchtower.launcher.suite.JavaRuns;
import dev.watchtower.launcher.suite.Layout;
import dev.watchtower.launcher.suite.Plan;
import dev.watchtower.launcher.suite.Preflight;
import dev.watchtower.launcher.suite.Refusal;
import dev.watchtower.launcher.suite.RunLock;
import dev.watchtower.launcher.suite.RunningSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Starts suites for benches: data and ports of their own, the programs and class caches of the real
 * one.
 */
public final class BenchSuite {
  private static final int FIRST_OFFSET = 23_000;
  private static final int LAST_OFFSET = 39_000;
  private static final int STEP = 100;

  private final Layout layout;
  private final Clock clock;
  private final Consumer<String> progress;

  /** Suites beside the one in {@code layout}. */
  public BenchSuite(Layout layout, Clock clock, Consumer<String> progress) {
    this.layout = layout;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * A suite that runs; closing it ends it, and so does the end of this process: what it started is
   * out of reach of Ctrl-C.
   */
  public static final class Started implements AutoCloseable {
    private final Plan plan;
    private final RunningSuite running;
    private final Thread atEnd;

    private Started(Plan plan, RunningSuite running) {
      this.plan = plan;
      this.running = running;
      this.atEnd = Thread.ofPlatform().name("end-of-bench").unstarted(running::close);
      Runtime.getRuntime().addShutdownHook(atEnd);
    }

    /** What it consists of. */
    public Plan plan() {
      return plan;
    }

    /** The suite itself. */
    public RunningSuite running() {
      return running;
    }

    @Override
    public void close() {
      running.close();
      try {
        var unused = Runtime.getRuntime().removeShutdownHook(atEnd);
      } catch (IllegalStateException e) {
        // This process is ending, and it was run already.
      }
    }
  }

  /**
   * A fresh suite of {@code components} and the database, healthy. Class caches that are missing
   * are made first, and files for the database's log, as {@code up} does after its first start:
   * what is measured is how it runs from then on.
   *
   * @param catalog as YAML
   * @param environment for its processes
   * @throws Refusal if it does not become healthy
   */
  public Started start(List<Component> components, String catalog, Map<String, String> environment)
      throws IOException, InterruptedException {
    var suite = fresh(components, catalog, environment);
    if (!isCached(suite.plan()) && !"off".equals(System.getenv("WATCHTOWER_AOT"))) {
      try (var first = suite) {
        train(first);
      }
      suite = fresh(components, catalog, environment);
    }
    suite.running().reserveLog(progress);
    return suite;
  }

  /** Makes the class caches that are missing, beside {@code suite}. */
  void train(Started suite) {
    progress.accept("Making the class caches ...");
    suite.running().train(new Rehearsals(clock));
  }

  /** Whether every module of {@code plan} has its class cache. */
  boolean isCached(Plan plan) {
    var runs = new JavaRuns(layout);
    return plan.modules().stream().allMatch(module -> Files.exists(runs.cache(module)));
  }

  private Started fresh(List<Component> components, String catalog, Map<String, String> environment)
      throws IOException, InterruptedException {
    var own = ownLayout();
    Files.createDirectories(own.data());
    var lock = lock(own);
    try {
      // Of a bench that was killed: what tells of them is deleted now.
      var unused = Preflight.endOrphans(own, progress);
    } finally {
      lock.close();
    }
    Trees.delete(own.data());
    Files.createDirectories(own.data());
    Files.writeString(own.catalog(), catalog);
    var started = prepared(own, components.stream().map(Component::id).toList(), environment);
    var status = started.running().bringUp(progress);
    if (!status.phase().equals("READY")) {
      started.close();
      throw new Refusal(status.detail() + "\nIts logs are in " + own.logs() + ".");
    }
    return started;
  }

  /** The catalog as it is shipped: golden signals and rules as a first user has them. */
  String shippedCatalog() throws IOException {
    return Files.readString(layout.root().resolve("config").resolve("watchtower.yaml"));
  }

  /** The golden signals of the shipped catalog, as a section of YAML. */
  String shippedGoldenSignals() throws IOException {
    var section = new StringBuilder();
    boolean in = false;
    for (var line : shippedCatalog().lines().toList()) {
      boolean begins = !line.isBlank() && !line.startsWith(" ") && !line.startsWith("#");
      in = begins ? line.equals("golden-signals:") : in;
      if (in) {
        section.append(line).append('\n');
      }
    }
    if (section.isEmpty()) {
      throw new Refusal("The shipped catalog has no golden-signals.");
    }
    return section.toString();
  }

  /** Where the suites of {@link #start} have their files. */
  Layout ownLayout() {
    var folder = layout.data().resolve("bench");
    return new Layout(layout.root(), folder, folder.resolve("catalog.yaml"), layout.programs());
  }

  /**
   * A suite of {@code names} (all of it where there are none) in {@code own}; nothing is started
   * yet.
   */
  Started prepared(Layout own, List<String> names, Map<String, String> environment)
      throws IOException, InterruptedException {
    var plan = Plan.of(true, names, freeOffset(own, names), null);
    new Preflight(own, plan).check();
    new Build(layout, progress).ensure(plan.modules());
    var running = new RunningSuite(own, plan, lock(own), (before, after) -> {}, clock, environment);
    return new Started(plan, running);
  }

  private static RunLock lock(Layout own) throws IOException {
    return RunLock.tryTake(own)
        .orElseThrow(() -> new Refusal("Another bench is running in " + own.data() + "."));
  }

  private static int freeOffset(Layout own, List<String> names) {
    for (int offset = FIRST_OFFSET; offset <= LAST_OFFSET; offset += STEP) {
      try {
        new Preflight(own, Plan.of(true, names, offset, null)).ports();
        return offset;
      } catch (Refusal taken) {
        // Somebody else is there: the next.
      }
    }
    throw new Refusal("There are no free ports from " + FIRST_OFFSET + " on.");
  }
}

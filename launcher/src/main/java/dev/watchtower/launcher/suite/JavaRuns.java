package dev.watchtower.launcher.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the Java processes are run: small heaps, the serial collector, a prepared class cache where
 * there is one.
 */
public final class JavaRuns {
  /** The environment variable that sets the heap of ingest-service. */
  static final String INGEST_HEAP = "WATCHTOWER_INGEST_HEAP";

  private static final String CACHE_SUFFIX = ".aot";

  /** Version, build and maker of the Java that runs us, and with it the services. */
  private static final String JAVA =
      (Runtime.version() + "-" + System.getProperty("java.vm.vendor", ""))
          .replaceAll("[^A-Za-z0-9.+-]", "_");

  private static final String VERSION = "0.1.0-SNAPSHOT";

  /**
   * Half of what methods usually take in of those they call: the optimizing compiler is through
   * with them in half the time, which a start under load lacks, for code that is hardly slower. And
   * what runs seldom is compiled later.
   */
  private static final List<String> COMPILED_SMALL =
      List.of(
          "-XX:InlineSmallCode=1200",
          "-XX:MaxInlineLevel=9",
          "-XX:FreqInlineSize=150",
          "-XX:Tier3InvocationThreshold=1000",
          "-XX:Tier3MinInvocationThreshold=500",
          "-XX:Tier3CompileThreshold=5000");

  private final Layout layout;

  /** Java runs of the modules in {@code layout}. */
  public JavaRuns(Layout layout) {
    this.layout = layout;
  }

  /** The jar that the build makes of {@code module}. */
  public Path builtJar(String module) {
    return layout.root().resolve(module).resolve("target").resolve(jarName(module));
  }

  /** The folder into which the jar is extracted. */
  public Path folder(String module) {
    return layout.programs().resolve(module);
  }

  /** The extracted jar. */
  public Path jar(String module) {
    return folder(module).resolve(jarName(module));
  }

  /**
   * The cache of loaded and linked classes; it need not be there. It has the Java that makes and
   * uses it in its name: another one does not take it, and would never be given one of its own.
   */
  public Path cache(String module) {
    return folder(module).resolve("app-" + JAVA + CACHE_SUFFIX);
  }

  /** Removes the caches of {@code module} that another Java has made. */
  void removeStaleCaches(String module) throws IOException {
    if (!Files.isDirectory(folder(module))) {
      return;
    }
    try (var caches = Files.newDirectoryStream(folder(module), "*" + CACHE_SUFFIX)) {
      for (var cache : caches) {
        if (!cache.equals(cache(module))) {
          Files.deleteIfExists(cache);
        }
      }
    }
  }

  /** The command that runs {@code module}, with the cache when there is one. */
  public List<String> command(String module) {
    var cache = cache(module);
    return command(
        module, Files.exists(cache) ? List.of("-XX:AOTCache=" + cache) : List.<String>of());
  }

  /** The command that runs {@code module} and makes its cache in {@code output} when it ends. */
  public List<String> training(String module, Path output) {
    return command(module, List.of("-XX:AOTCacheOutput=" + output));
  }

  /** The program {@code java} that runs us. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private List<String> command(String module, List<String> cache) {
    var command = new ArrayList<String>();
    command.add(java());
    command.addAll(cache);
    command.addAll(options(module));
    command.add("-jar");
    command.add(jar(module).toString());
    return List.copyOf(command);
  }

  /**
   * The collector has to be the same in training and use, so nothing here may depend on the
   * machine.
   */
  private static List<String> options(String module) {
    var options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xss512k"));
    if (module.equals("ingest-service")) {
      // The hot path: room for the head chunks, and the optimizing compiler. What a request needs
      // fits the young generation, else it fills the old one; what compiling took is given back.
      options.addAll(
          List.of("-Xms96m", "-Xmn64m", "-Xmx" + ingestHeap(), "-XX:TrimNativeHeapInterval=5000"));
      options.addAll(COMPILED_SMALL);
      options.addAll(compiledFirst(List.of("storage", "doors")));
    } else {
      options.addAll(
          List.of(
              "-Xmx" + (module.equals("incident-service") ? "160m" : "128m"),
              "-XX:TieredStopAtLevel=1",
              "-XX:ReservedCodeCacheSize=64m"));
    }
    options.addAll(
        List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "--enable-native-access=ALL-UNNAMED"));
    return options;
  }

  /**
   * The optimizing compiler begins with what every sample passes through: these packages of
   * ingest-service and the decompression. All else has to run forty times as often as usual (its
   * loops ten times) before it is compiled so: else two cores are busy for a minute with what only
   * the start and the frameworks need, while samples come, and that takes memory too.
   */
  private static List<String> compiledFirst(List<String> packages) {
    var options =
        new ArrayList<>(
            List.of(
                "-XX:Tier4InvocationThreshold=200000",
                "-XX:Tier4MinInvocationThreshold=24000",
                "-XX:Tier4CompileThreshold=600000",
                "-XX:Tier4BackEdgeThreshold=400000",
                "-XX:CompileCommand=quiet"));
    Stream.concat(packages.stream().map("dev.watchtower.ingest."::concat), Stream.of("io.airlift"))
        .map("-XX:CompileCommand=CompileThresholdScaling,%s.*::*,0.1"::formatted)
        .forEach(options::add);
    return options;
  }

  /**
   * The heap of ingest-service, as the environment says.
   *
   * @throws Refusal if it says something else
   */
  static String ingestHeap() {
    return ingestHeap(System.getenv(INGEST_HEAP));
  }

  /**
   * The heap of ingest-service.
   *
   * @param wanted megabytes with an 'm' or gigabytes with a 'g'; null for the default
   * @throws Refusal if it is something else, or too small to start
   */
  static String ingestHeap(@Nullable String wanted) {
    if (wanted == null || wanted.isBlank()) {
      return "304m";
    }
    var text = wanted.strip().toLowerCase(Locale.ROOT);
    if (!text.matches("[1-9]\\d{0,5}[mg]")
        || (text.endsWith("m") && Integer.parseInt(text.substring(0, text.length() - 1)) < 192)) {
      throw new Refusal(
          INGEST_HEAP + " is '" + wanted + "', but 192m or more, such as 512m or 2g, is expected.");
    }
    return text;
  }

  private static String jarName(String module) {
    return module + "-" + VERSION + "-app.jar";
  }
}

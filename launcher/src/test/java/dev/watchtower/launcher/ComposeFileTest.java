package dev.watchtower.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.launcher.files.SecretFiles;
import dev.watchtower.launcher.suite.Component;
import dev.watchtower.launcher.suite.Component.Kind;
import dev.watchtower.launcher.suite.Environment;
import dev.watchtower.launcher.suite.Layout;
import dev.watchtower.launcher.suite.Plan;
import dev.watchtower.launcher.supervisor.ProcessSpec.EndSignal;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** docker-compose.yml against the contracts, without an engine. */
class ComposeFileTest {
  private static final Path ROOT = Path.of("..");

  /** Variables that only containers know. */
  private static final Set<String> OF_CONTAINERS =
      Set.of(
          "JAVA_OPTS",
          "WATCHTOWER_SHOP_TOKEN_FILE",
          "WATCHTOWER_CHAOS_REMOTETARGETS",
          "WATCHTOWER_CHAOS_SUPERVISED");

  /** Variables of the catalog, its explanations included. */
  private static final Pattern OF_CATALOG = Pattern.compile("\\$\\{(\\w+_\\w+):-");

  /** Variables that the launcher hands through from its own environment. */
  private static final Set<String> OF_PEOPLE =
      Set.of(
          "WATCHTOWER_ADMIN_PASSWORD",
          "WATCHTOWER_PROXIES",
          "OPENAI_API_KEY",
          "OPENAI_BASE_URL",
          "OPENAI_MODEL",
          "GITHUB_WEBHOOK_SECRET");

  private static Map<?, ?> services = Map.of();

  @TempDir private Path folder;

  @BeforeAll
  static void read() throws IOException {
    try (var in = Files.newInputStream(ROOT.resolve("docker-compose.yml"))) {
      Map<?, ?> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
      services = map(file.get("services"));
    }
  }

  @Test
  void hasEveryProcessOfTheSuite() {
    assertThat(services.keySet().stream().map(Object::toString))
        .containsAll(Component.names())
        .hasSize(Component.values().length + 1)
        .contains("setup");
  }

  @ParameterizedTest
  @EnumSource(value = Component.class, mode = EnumSource.Mode.EXCLUDE, names = "POSTGRES")
  void runsTheRightModuleOnTheRightPortOnLoopback(Component component) {
    var service = map(services.get(component.id()));
    var port = Integer.toString(component.port(0));
    assertThat(map(map(service.get("build")).get("args")).get("MODULE"))
        .isEqualTo(component.module());
    assertThat(service.get("ports")).isEqualTo(List.of("127.0.0.1:" + port + ":" + port));
    assertThat(map(service.get("environment")).get("SERVER_PORT")).isEqualTo(port);
  }

  private static Set<String> ofCatalog() throws IOException {
    return OF_CATALOG
        .matcher(Files.readString(ROOT.resolve("config/watchtower.yaml")))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  /** Who knows one of them not has a wrong catalog where it has no default. */
  @ParameterizedTest
  @EnumSource(
      value = Component.class,
      names = {"MONITOR", "INGEST", "INCIDENT", "ANALYSIS", "CHAOS"})
  void handsOnWhatTheCatalogTakesFromTheEnvironment(Component component) throws IOException {
    var names =
        map(map(services.get(component.id())).get("environment")).keySet().stream()
            .map(Object::toString);
    assertThat(names)
        .containsAll(ofCatalog())
        .contains("DISCORD_WEBHOOK_URL", "SLACK_WEBHOOK_URL", "SMTP_PASSWORD");
  }

  @ParameterizedTest
  @EnumSource(value = Component.class, mode = EnumSource.Mode.EXCLUDE, names = "POSTGRES")
  void usesOnlyVariablesThatTheServicesKnow(Component component) throws IOException {
    var known =
        new Environment(
                Layout.in(folder),
                Plan.of(true, List.of(), 0, null),
                new SecretFiles(folder.resolve("keys")),
                Map.of())
            .of(component)
            .keySet();
    for (var name : map(map(services.get(component.id())).get("environment")).keySet()) {
      var text = String.valueOf(name);
      assertThat(
              known.contains(text)
                  || OF_PEOPLE.contains(text)
                  || ofCatalog().contains(text)
                  || OF_CONTAINERS.contains(text)
                  || text.startsWith("WATCHTOWER_DB_"))
          .as(component.id() + ": " + text)
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Component.class, mode = EnumSource.Mode.EXCLUDE, names = "POSTGRES")
  void givesEachServiceItsOwnRole(Component component) {
    var environment = map(map(services.get(component.id())).get("environment"));
    if (!component.schema().isEmpty()) {
      assertThat(environment.get("WATCHTOWER_DB_USER")).isEqualTo(component.schema());
      var password = "WATCHTOWER_DB_PASSWORD_" + component.schema().toUpperCase(Locale.ROOT);
      assertThat(environment.get("WATCHTOWER_DB_PASSWORD"))
          .asString()
          .startsWith("${" + password + ":?");
      assertThat(map(map(services.get("postgres")).get("environment")).get(password))
          .isEqualTo(environment.get("WATCHTOWER_DB_PASSWORD"));
    }
    if (component.kind() == Kind.SHOP) {
      assertThat(environment.get("SHOP_ROLE")).isEqualTo(component.id());
    }
  }

  @Test
  void givesNobodyTheAdministratorsPassword() {
    services.forEach((name, definition) -> {
      if (!"postgres".equals(name)) {
        assertThat(map(map(definition).get("environment")).values())
            .as("%s", name)
            .noneMatch(value -> String.valueOf(value).contains("${WATCHTOWER_DB_PASSWORD:"));
      }
    });
  }

  /** The administrator is the stand-in here: what it is told is what the real one is told. */
  @Test
  void makesEachRoleWithItsOwnPassword() throws Exception {
    var programs = Files.createDirectories(folder.resolve("bin"));
    var psql = Files.writeString(programs.resolve("psql"), "#!/bin/sh\necho \"$@\"\n");
    assertThat(psql.toFile().setExecutable(true)).isTrue();
    var builder =
        new ProcessBuilder("/bin/sh", ROOT.resolve("docker/postgres-init.sh").toString())
            .redirectErrorStream(true);
    builder.environment().put("PATH", programs + ":/usr/bin:/bin");
    builder.environment().put("POSTGRES_USER", "watchtower");
    builder.environment().put("POSTGRES_DB", "watchtower");
    for (var role : List.of("ingest", "incident", "analysis", "chaos", "shop")) {
      builder
          .environment()
          .put("WATCHTOWER_DB_PASSWORD_" + role.toUpperCase(Locale.ROOT), "of-" + role);
    }
    var process = builder.start();
    var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(told).isZero();
    assertThat(told).contains("role=ingest -v secret=of-ingest", "role=shop -v secret=of-shop");
  }

  /** chaos-service refuses targets that are no loopback, unless it is told otherwise. */
  @Test
  void letsEveryExperimentOfTheCatalogReachItsTarget() throws IOException {
    Map<?, ?> catalog;
    try (var in = Files.newInputStream(ROOT.resolve("config/watchtower.yaml"))) {
      catalog = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
    }
    var chaos = map(map(services.get("chaos")).get("environment"));
    var targets =
        ((List<?>) Objects.requireNonNull(catalog.get("experiments")))
            .stream()
                .map(experiment -> map(experiment).get("target"))
                .filter(Objects::nonNull)
                .map(target -> resolved(target.toString(), chaos))
                .toList();

    assertThat(targets)
        .isNotEmpty()
        .allSatisfy(target -> {
          assertThat(services.containsKey(URI.create(target).getHost())).as(target).isTrue();
          assertThat(chaos.get("WATCHTOWER_CHAOS_REMOTETARGETS")).as(target).isEqualTo("true");
        });
  }

  @Test
  void saysThatNothingCanBeCrashedWithoutTheSupervisor() {
    assertThat(services.containsKey("supervisor")).isFalse();
    assertThat(
            map(map(services.get("chaos")).get("environment")).get("WATCHTOWER_CHAOS_SUPERVISED"))
        .isEqualTo("false");
  }

  /** {@code text} with {@code ${NAME:-default}} replaced as the catalog's reader does it. */
  private static String resolved(String text, Map<?, ?> environment) {
    return Pattern.compile("\\$\\{(\\w+):-([^}]*)}")
        .matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                String.valueOf(
                    environment.containsKey(found.group(1))
                        ? environment.get(found.group(1))
                        : found.group(2))));
  }

  @Test
  void confinesEveryContainer() {
    services.forEach((name, definition) -> {
      var service = map(definition);
      assertThat(service.get("read_only")).as("%s read_only", name).isEqualTo(true);
      assertThat(service.get("security_opt"))
          .as("%s security_opt", name)
          .isEqualTo(List.of("no-new-privileges:true"));
      assertThat(service.get("healthcheck")).as("%s healthcheck", name).isNotNull();
      assertThat(service.containsKey("privileged")).isFalse();
      if (!"postgres".equals(name)) {
        assertThat(service.get("cap_drop")).as("%s cap_drop", name).isEqualTo(List.of("ALL"));
      }
    });
  }

  /** Who breaks into it must not find the keys of the services, nor their data. */
  @ParameterizedTest
  @EnumSource(Component.class)
  void givesTheSampleShopNothingOfTheOthers(Component component) {
    var volumes = (List<?>) map(services.get(component.id())).get("volumes");
    if (component.kind() == Kind.SHOP) {
      assertThat(volumes).isEqualTo(List.of("shop:/var/lib/watchtower:ro"));
      assertThat(map(services.get(component.id())).get("depends_on"))
          .asString()
          .contains("setup={condition=service_completed_successfully}");
    } else {
      assertThat(volumes).asString().doesNotContain("shop:");
    }
  }

  @Test
  void fillsTheVolumeOfTheSampleShop() throws IOException {
    var home = "/var/lib/watchtower-shop";
    assertThat((List<?>) map(services.get("setup")).get("volumes"))
        .asString()
        .contains("shop:" + home + ",");
    assertThat(Files.readString(ROOT.resolve("docker/setup.sh"))).contains(":-" + home + "}");
    // Else the volume would be root's.
    assertThat(Files.readString(ROOT.resolve("Dockerfile")))
        .containsPattern("install -d -o watchtower .* " + home + "\n");
  }

  /** Ten seconds, unless the file says more. */
  @Test
  void givesTheDatabaseTimeToEndInOrder() {
    assertThat(map(services.get("postgres")).get("stop_grace_period"))
        .isEqualTo(EndSignal.INT.grace().toMinutes() + "m");
  }

  @Test
  void makesARoleForEverySchema() throws IOException {
    var script = Files.readString(ROOT.resolve("docker/postgres-init.sh"));
    for (var component : Component.values()) {
      if (!component.schema().isEmpty()) {
        assertThat(script).containsPattern("for role in [^;]*\\b" + component.schema() + "\\b");
      }
    }
  }

  @Test
  void asksForHealthWhereTheServicesAnswerIt() throws IOException {
    assertThat(Files.readString(ROOT.resolve("docker/healthcheck.sh")))
        .contains("GET /health/readiness HTTP/1.0");
  }

  /** Whatever people have beside it, data directories and secrets, stays out of the images. */
  @Test
  void buildsFromWhatIsNamedOnly() throws IOException {
    var rules = Files.readAllLines(ROOT.resolve(".dockerignore"));
    var modules =
        Pattern.compile("<module>(.+)</module>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")))
            .results()
            .map(found -> "!" + found.group(1))
            .toList();
    assertThat(rules)
        .contains("*", "!pom.xml", "!mvnw", "!.mvn", "!config", "!docker")
        .containsAll(modules);
    var last = rules.subList(rules.indexOf("!docker"), rules.size());
    assertThat(last).contains("**/.env*", "**/.watchtower*", "**/target", "**/node_modules");
  }

  @Test
  void buildsAnImageThatRunsAsAnybodyButRoot() throws IOException {
    var lines = Files.readAllLines(ROOT.resolve("Dockerfile"));
    var last = lines.subList(lines.lastIndexOf("FROM eclipse-temurin:25-jre"), lines.size());
    assertThat(last)
        .contains("USER 10001")
        .anyMatch(line -> line.startsWith("HEALTHCHECK "))
        .anyMatch(line -> line.startsWith("ENTRYPOINT ["));
    for (var script : List.of("entrypoint.sh", "healthcheck.sh", "postgres-init.sh", "setup.sh")) {
      assertThat(ROOT.resolve("docker").resolve(script)).exists().isExecutable();
    }
  }

  @Test
  void tellsTheFirstPasswordOnceWheneverItIsThere() throws Exception {
    var password = firstPassword("abcde-fghjk\n");
    var shop = folder.resolve("shop/keys");
    Files.writeString(folder.resolve("keys/chaos.pub"), "of chaos");

    assertThat(setUp()).contains("admin", "abcde-fghjk");
    assertThat(password).doesNotExist();
    assertThat(shop.resolve("shop.token")).hasContent("wt_made");
    assertThat(shop.resolve("chaos.pub")).hasContent("of chaos");
    Files.writeString(folder.resolve("keys/chaos.pub"), "of a new chaos");
    assertThat(setUp()).isEmpty();
    assertThat(shop.resolve("chaos.pub")).hasContent("of a new chaos");
    assertThat(shop.toFile().list()).as("nothing else").hasSize(2);

    firstPassword("of another beginning\n");
    assertThat(setUp()).contains("of another beginning");
    assertThat(password).doesNotExist();
  }

  @Test
  void tellsThePasswordAlsoWhereChaosHasNoKey() throws Exception {
    firstPassword("abcde-fghjk\n");

    assertThat(setUp(1)).contains("abcde-fghjk", "chaos has made no key");
  }

  @Test
  void setsUpOnlyWhenMonitorHasMadeThePassword() {
    assertThat(map(map(services.get("setup")).get("depends_on")))
        .isEqualTo(
            Map.of(
                "monitor", Map.of("condition", "service_healthy"),
                "chaos", Map.of("condition", "service_started")));
  }

  private Path firstPassword(String content) throws IOException {
    var file = Layout.in(folder, Map.of("WATCHTOWER_DATA_DIR", folder.toString())).firstPassword();
    Files.createDirectories(file.getParent());
    Files.createDirectories(folder.resolve("keys"));
    return Files.writeString(file, content);
  }

  /** Runs setup.sh with a stand-in for the Java of the image; what it prints. */
  private String setUp() throws Exception {
    return setUp(0);
  }

  private String setUp(int status) throws Exception {
    var programs = Files.createDirectories(folder.resolve("bin"));
    for (var standIn : Map.of("java", "echo wt_made", "sleep", "exit 0").entrySet()) {
      var program = programs.resolve(standIn.getKey());
      Files.writeString(program, "#!/bin/sh\n" + standIn.getValue() + "\n");
      assertThat(program.toFile().setExecutable(true)).isTrue();
    }
    var builder =
        new ProcessBuilder("/bin/sh", ROOT.resolve("docker/setup.sh").toString())
            .redirectErrorStream(true);
    builder.environment().put("WATCHTOWER_DATA_DIR", folder.toString());
    builder.environment().put("WATCHTOWER_SHOP_DIR", folder.resolve("shop").toString());
    builder.environment().put("PATH", programs + ":/usr/bin:/bin");
    var process = builder.start();
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isEqualTo(status);
    return printed;
  }

  private static Map<?, ?> map(Object node) {
    return (Map<?, ?>) Objects.requireNonNull(node);
  }
}

package dev.watchtower.common.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.Status;

class CatalogSourceTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeTheFirstCatalog() throws IOException {
    file = folder.resolve("watchtower.yaml");
    write("first");
  }

  @Test
  void takesAChangedFileAndTellsTheListeners() throws IOException {
    var source = source();
    var told = new ArrayList<String>();
    source.onChange(c -> {
      throw new IllegalStateException("this listener fails");
    });
    source.onChange(c -> told.add(c.services().getFirst().name()));

    write("second-one");
    look(source);
    look(source);

    assertThat(source.current().services().getFirst().name()).isEqualTo("second-one");
    assertThat(told).containsExactly("second-one");
  }

  @Test
  void tellsNobodyWhereItIsSilent() throws IOException {
    Files.writeString(
        file,
        """
        version: 1
        notifications:
          smtp: {host: mail.example.org, from: watchtower@example.org}
          channels:
            - {name: mail, kind: email, to: [ann@example.org]}
            - {name: team, kind: slack, url: "https://hooks.slack.com/services/x"}
          routes: [{channels: [mail, team]}]
          heartbeat: {every: day, at: "09:00"}
        escalation:
          policies: [{name: all, steps: [{after: 5m, people: [ann], channel: mail}]}]
        """);
    var parser = new CatalogParser(_ -> null);
    assertThat(new CatalogSource(file, parser, CLOCK).current().notifications().channels())
        .hasSize(2);

    assertThat(new CatalogSource(file, parser, CLOCK, true).current().notifications())
        .isEqualTo(Notifications.NONE);
  }

  @Test
  void keepsTheLastGoodCatalogOnABrokenEditAndSaysSo() throws IOException {
    var source = source();

    Files.writeString(file, "version: 1\nservices: [{name: broken}]");
    look(source);

    assertThat(source.current().services().getFirst().name()).isEqualTo("first");
    var health = new CatalogHealthIndicator(source).health();
    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails())
        .as("anybody may read it: a number, and no path or value")
        .containsOnly(
            Map.entry("lastReload", "2026-01-02T03:04:05Z"),
            Map.entry("refused", 1),
            Map.entry("see", "the dashboard, or this service's log"));
    assertThat(source.state().faults())
        .containsExactly(
            file
                + ":2: services[0].environments: expected at least one environment, for example [prod]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://u:SECRET@h/health",
        "http://SECRET@",
        "http://u:SE/CRET@h/",
        "http://u:SECRET @h@i",
        "u:SECRET@h:5432"
      })
  void repeatsNoPasswordOfAnAddressThatItRefuses(String address) throws IOException {
    var source = source();

    Files.writeString(
        file,
        "version: 1\nprobes: [{name: p, kind: http, url: \""
            + address
            + "\"}, {name: \""
            + address
            + "\"}]");
    look(source);

    assertThat(source.state().faults())
        .anySatisfy(f ->
            assertThat(f)
                .contains("probes[0].url: expected an address that starts with http:// or https://")
                .contains("***@"))
        .noneSatisfy(f -> assertThat(f).containsAnyOf("SECRET", "SE/CRET"));
  }

  @Test
  void keepsTheLastGoodCatalogWhenTheFileIsGoneAndTakesItWhenItIsBack() throws IOException {
    var source = source();

    Files.delete(file);
    look(source);
    assertThat(source.current().services().getFirst().name()).isEqualTo("first");
    assertThat(source.state().faults())
        .singleElement()
        .asString()
        .contains("there is no such file");

    write("third");
    look(source);
    assertThat(source.current().services().getFirst().name()).isEqualTo("third");
    assertThat(source.state().faults()).isEmpty();
  }

  @Test
  void doesNotStartWithAFileThatCannotBeUsedAndTellsWhyOnStandardError() throws IOException {
    Files.writeString(file, "version: one");

    assertThatThrownBy(this::source)
        .isInstanceOfSatisfying(
            CatalogException.class,
            e -> {
              var analysis = new CatalogFailureAnalyzer().analyze(new RuntimeException(e));
              assertThat(analysis).isNotNull();
              assertThat(printed(() -> new CatalogFailureReporter().report(analysis)))
                  .isEqualTo(
                      file + ":1: version: expected 1, found 'one'" + System.lineSeparator());
            });
  }

  private static String printed(Runnable action) {
    var out = new ByteArrayOutputStream();
    var before = System.err;
    System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void takesNoFileThatIsStillBeingWritten() throws IOException {
    var source = source();
    for (int i = 1; i < 4; i++) {
      write("half-written".repeat(i));
      source.look();
      assertThat(source.current().services().getFirst().name()).isEqualTo("first");
    }
    source.look();
    assertThat(source.current().services().getFirst().name()).startsWith("half-written");
  }

  /** Twice: an edit is taken when it is still. */
  private static void look(CatalogSource source) {
    source.look();
    source.look();
  }

  private CatalogSource source() {
    return new CatalogSource(file, new CatalogParser(n -> null), CLOCK);
  }

  private void write(String service) throws IOException {
    Files.writeString(
        file, "version: 1\nservices: [{name: %s, environments: [prod]}]".formatted(service));
  }
}

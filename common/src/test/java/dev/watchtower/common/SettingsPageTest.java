package dev.watchtower.common;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} names what the code of all modules lets people set, and no more.
 */
class SettingsPageTest {
  private static final Path ROOT = Path.of("..");

  private static final String A_SETTING = "((?:watchtower|shop)(?:\\.[a-z][a-z0-9-]*)+)";
  private static final String A_VARIABLE = "([A-Z]+(?:_[A-Z]+)+)";
  private static final List<Pattern> READ_SETTINGS =
      patterns(
          "\\$\\{" + A_SETTING,
          "ConditionalOnProperty\\((?:\\s*name =)?\\s*\"" + A_SETTING,
          "\\.(?:bind|getProperty)\\(\\s*\"" + A_SETTING);
  private static final List<Pattern> READ_VARIABLES =
      patterns("\\$\\{(?:env:)?" + A_VARIABLE + "[:}]", "getenv\\(\\s*\"" + A_VARIABLE);

  private static final Pattern BOUND =
      Pattern.compile("@ConfigurationProperties\\((?:prefix = )?\"([a-z.]+)\"");
  private static final Pattern RECORD = Pattern.compile("record (\\w+)\\(");
  private static final Pattern ANNOTATION = Pattern.compile("@\\w+(?:\\(\"[^\"]*\"\\))?");

  private final List<String> sources = sources();
  private final SortedSet<String> named = named();

  @Test
  void namesEverySetting() {
    assertThat(settings()).isNotEmpty().isSubsetOf(named);
  }

  @Test
  void namesEveryVariable() {
    assertThat(found(READ_VARIABLES)).isNotEmpty().isSubsetOf(named);
  }

  @Test
  void namesNoSettingThatNothingReads() {
    assertThat(named.stream().filter(n -> n.matches(A_SETTING))).isSubsetOf(settings());
  }

  private static List<Pattern> patterns(String... expressions) {
    return Stream.of(expressions).map(Pattern::compile).toList();
  }

  private SortedSet<String> settings() {
    var all = found(READ_SETTINGS);
    for (var source : sources) {
      BOUND
          .matcher(source)
          .results()
          .forEach(bound ->
              all.addAll(components(source, RECORD.matcher(source), bound.group(1), bound.end())));
    }
    return all;
  }

  /** The settings of the record that begins after {@code from}, those of records in it included. */
  private static SortedSet<String> components(
      String source, Matcher record, String prefix, int from) {
    var all = new TreeSet<String>();
    if (!record.find(from)) {
      return all;
    }
    for (var component : header(source, record.end()).split(",")) {
      var words = ANNOTATION.matcher(component).replaceAll("").strip().split("\\s+");
      var name = prefix + "." + kebab(words[1]);
      int nested = source.indexOf("record " + words[0] + "(");
      if (nested < 0) {
        all.add(name);
      } else {
        all.addAll(components(source, RECORD.matcher(source), name, nested));
      }
    }
    return all;
  }

  /**
   * What stands between the parenthesis that ends before {@code from} and the one that closes it.
   */
  private static String header(String source, int from) {
    int open = 1;
    int at = from;
    for (; open > 0; at++) {
      open += source.charAt(at) == '(' ? 1 : source.charAt(at) == ')' ? -1 : 0;
    }
    return source.substring(from, at - 1);
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private SortedSet<String> found(List<Pattern> patterns) {
    return patterns.stream()
        .flatMap(p -> sources.stream().flatMap(s -> p.matcher(s).results()))
        .map(r -> r.group(1))
        .collect(toCollection(TreeSet::new));
  }

  /** The names on the page; {@code …name} goes on as the one before it began. */
  private static SortedSet<String> named() {
    var all = new TreeSet<String>();
    var last = "";
    var quoted = Pattern.compile("`([^`]+)`").matcher(text(ROOT.resolve("docs/configuration.md")));
    for (var words : quoted.results().map(r -> r.group(1)).toList()) {
      var name = words.startsWith("…") ? begun(last, words.substring(1)) : words;
      if (name.matches(A_SETTING) || name.matches(A_VARIABLE) || name.startsWith("spring.")) {
        all.add(name);
        last = name;
      }
    }
    return all;
  }

  private static String begun(String last, String rest) {
    return rest.startsWith("_")
        ? last.substring(0, last.indexOf('_')) + rest
        : last.substring(0, last.lastIndexOf('.') + 1) + rest;
  }

  private static List<String> sources() {
    try (var modules = Files.list(ROOT)) {
      return modules
          .flatMap(m -> Stream.of(m.resolve("src/main/java"), m.resolve("src/main/resources")))
          .filter(Files::isDirectory)
          .flatMap(SettingsPageTest::files)
          .map(SettingsPageTest::text)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> files(Path folder) {
    try (var all = Files.walk(folder)) {
      return all.filter(f -> f.toString().matches(".*\\.(java|ya?ml)")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.watchtower.ingest.doors.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The pages of {@code docs/senders}, and what they give to paste. */
final class SenderPages {
  private static final Path PAGES = Path.of("../docs/senders");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");

  private SenderPages() {}

  /** The names of all pages. */
  static List<String> all() {
    try (var pages = Files.list(PAGES)) {
      return pages.map(page -> page.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String page) {
    try {
      return Files.readString(PAGES.resolve(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The blocks of a language in a page, in order. */
  static List<String> blocks(String page, String language) {
    return BLOCK
        .matcher(text(page))
        .results()
        .filter(found -> found.group(1).equals(language))
        .map(found -> found.group(2))
        .toList();
  }

  /** What a line of the text says after those words, without quotes around it. */
  static String after(String text, String words) {
    var found = found(text, "(?m)^ *" + Pattern.quote(words) + "\\s*=?\\s*(\"?)(.*?)\\1,?$");
    return found.getFirst().group(2);
  }

  /** Where the pattern occurs, at least once. */
  static List<MatchResult> found(String text, String pattern) {
    var all = Pattern.compile(pattern).matcher(text).results().toList();
    assertThat(all).as(pattern).isNotEmpty();
    return all;
  }

  /** A document of YAML. */
  static Object yaml(String text) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
  }

  /** What a document has at a place, of names and numbers. */
  static Object at(Object document, Object... place) {
    Object here = document;
    for (var step : place) {
      here =
          step instanceof Integer number
              ? ((List<?>) here).get(number)
              : ((java.util.Map<?, ?>) here).get(step);
      assertThat(here).as("%s of %s", step, List.of(place)).isNotNull();
    }
    return here;
  }
}

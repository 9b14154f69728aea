package dev.watchtower.common.catalog;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the pages show of the catalog is accepted in the place of the shipped catalog's sections,
 * where no variable is set. Examples of one page for several sections hold together.
 */
class CatalogPagesTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```yaml\n(.*?)^```$");
  private static final Pattern SECTION = Pattern.compile("(?ms)^([a-z][a-z-]*):.*?(?=^[a-z#]|\\z)");

  private final CatalogParser parser = new CatalogParser(name -> null);

  @Test
  void theShippedCatalogIsAccepted() throws IOException {
    parser.parse("watchtower.yaml", Files.readAllBytes(ROOT.resolve("config/watchtower.yaml")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"detection.md", "notifications.md", "remediation.md", "rules.md"})
  void examplesAreAccepted(String page) throws IOException {
    var shipped = sections(read("config/watchtower.yaml"));
    var edits = edits(read("docs/" + page));

    assertThat(edits).isNotEmpty();
    for (var edit : edits) {
      var whole = new LinkedHashMap<>(shipped);
      whole.putAll(edit);
      var text = whole.values().stream().collect(joining("\n"));
      assertThatCode(() -> parser.parse(page, text.getBytes(StandardCharsets.UTF_8)))
          .as("%s of docs/%s", edit, page)
          .doesNotThrowAnyException();
    }
  }

  /** As few edits of the catalog as there are examples of one section. */
  private static List<Map<String, String>> edits(String page) {
    var edits = new ArrayList<Map<String, String>>();
    EXAMPLE
        .matcher(page)
        .results()
        .map(example -> example.group(1))
        .map(example -> example.startsWith("- ") ? "rules:\n" + example : example)
        .forEach(example -> sections(example).forEach((name, text) -> add(edits, name, text)));
    return edits;
  }

  private static void add(List<Map<String, String>> edits, String name, String text) {
    for (var edit : edits) {
      if (edit.putIfAbsent(name, text) == null) {
        return;
      }
    }
    edits.add(new LinkedHashMap<>(Map.of(name, text)));
  }

  private static Map<String, String> sections(String text) {
    var sections = new LinkedHashMap<String, String>();
    SECTION.matcher(text).results().forEach(s -> sections.put(s.group(1), s.group()));
    return sections;
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file)).replace("\r\n", "\n");
  }
}

package dev.watchtower.common.catalog;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads a catalog file in full: every fault is found, with its line and what was expected. Anchors,
 * aliases and merge keys work; tags that name types do not. Stateless, safe for use by several
 * threads.
 */
public final class CatalogParser {
  /** The largest file taken, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  private static final int MAX_ALIASES = 500;
  private static final int MAX_DEPTH = 20;

  private final Function<String, @Nullable String> environment;

  /**
   * A parser.
   *
   * @param environment the value of an environment variable, null when it is not set
   */
  public CatalogParser(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  /**
   * The catalog in {@code bytes}.
   *
   * @param file how the file is named in messages
   * @throws CatalogException if anything is wrong with it
   */
  public Catalog parse(String file, byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw refused(file, 1, "expected at most 1 MiB, found " + bytes.length + " bytes");
    }
    try {
      return parse(
          file, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw refused(file, 1, "expected text in UTF-8");
    }
  }

  private Catalog parse(String file, String text) {
    var root = compose(file, text);
    if (root == null) {
      throw refused(file, 1, "expected a catalog, found nothing");
    }
    var findings = new Findings();
    var nodes = new YamlNodes(findings, new Placeholders(environment));
    var catalog = YamlSection.read(nodes, root, "", CatalogSections::catalog);
    var faults = findings.conclude();
    if (!faults.isEmpty()) {
      throw new CatalogException(file, faults);
    }
    return catalog;
  }

  private static @Nullable Node compose(String file, String text) {
    var options = new LoaderOptions();
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(MAX_BYTES);
    options.setAllowRecursiveKeys(false);
    try {
      return new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options)
          .getSingleNode();
    } catch (MarkedYAMLException e) {
      var mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
      throw refused(
          file, mark == null ? 1 : mark.getLine() + 1, "not valid YAML: " + e.getProblem());
    } catch (ReaderException e) {
      int line =
          1
              + (int)
                  text.codePoints()
                      .limit(Math.max(0, e.getPosition()))
                      .filter(c -> c == '\n')
                      .count();
      throw refused(file, line, "not valid YAML: a character that is not allowed");
    } catch (YAMLException e) {
      throw refused(file, 1, "not valid YAML: " + firstLine(e));
    } catch (IllegalArgumentException | IndexOutOfBoundsException | NullPointerException e) {
      // SnakeYAML has let such escape on malformed input; for us every one of them is malformed
      // input.
      throw refused(file, 1, "not valid YAML: " + firstLine(e));
    }
  }

  private static String firstLine(RuntimeException e) {
    var message = e.getMessage();
    return message == null ? "it cannot be read" : message.lines().findFirst().orElse("");
  }

  private static CatalogException refused(String file, int line, String message) {
    return new CatalogException(file, List.of(new CatalogFault(line, "", message)));
  }
}

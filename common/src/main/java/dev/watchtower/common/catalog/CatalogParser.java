package dev.watchtower.common.catalog;

import dev.watchtower.common.catalog.Section.NameSpace;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
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
    return parse(file, text(file, bytes));
  }

  private static String text(String file, byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw refused(file, 1, "expected at most 1 MiB, found " + bytes.length + " bytes");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
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
    var faults = findings.conclude(catalog.sloFiles() == null ? Set.of() : Set.of(NameSpace.SLO));
    if (!faults.isEmpty()) {
      throw new CatalogException(file, faults);
    }
    return catalog;
  }

  /**
   * One rule by itself, as it would stand in the catalog; JSON is YAML. Placeholders have no value
   * here: whoever sends a rule must not read the environment by it.
   *
   * @param catalog what the rule may refer to
   * @throws CatalogException if anything is wrong with it; paths begin with {@code rule}
   */
  public static Catalog.Rule rule(String text, Catalog catalog) {
    var root = compose("rule", text);
    if (root == null) {
      throw refused("rule", 1, "expected a rule, found nothing");
    }
    var findings = Findings.beside(catalog);
    var nodes = new YamlNodes(findings, new Placeholders(_ -> null));
    var rule = YamlSection.read(nodes, root, "rule", RuleSection::rule);
    var faults = findings.conclude();
    if (!faults.isEmpty()) {
      throw new CatalogException("rule", faults);
    }
    return rule;
  }

  /**
   * The SLOs of an OpenSLO v1 file.
   *
   * @param file how the file is named in messages
   * @param catalog what they may refer to; a name of one of its SLOs is taken already
   * @param passedOver is told the kind of each document that is none and is passed over
   * @throws CatalogException if anything is wrong with it, or not supported
   */
  List<Slo> openSlo(String file, byte[] bytes, Catalog catalog, Consumer<String> passedOver) {
    var findings = Findings.beside(catalog);
    var nodes = new YamlNodes(findings, new Placeholders(environment));
    var slos = new ArrayList<Slo>();
    for (var root : documents(file, text(file, bytes))) {
      YamlSection.read(nodes, root, "", s -> OpenSlo.document(s, catalog, passedOver))
          .ifPresent(slos::add);
    }
    var faults = findings.conclude();
    if (!faults.isEmpty()) {
      throw new CatalogException(file, faults);
    }
    return List.copyOf(slos);
  }

  private static @Nullable Node compose(String file, String text) {
    return composed(file, text, Composer::getSingleNode);
  }

  private static List<Node> documents(String file, String text) {
    return composed(
        file,
        text,
        composer -> {
          var nodes = new ArrayList<Node>();
          while (composer.checkNode()) {
            nodes.add(composer.getNode());
          }
          return nodes;
        });
  }

  private static <T> T composed(String file, String text, Function<Composer, T> read) {
    var options = new LoaderOptions();
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(MAX_BYTES);
    options.setAllowRecursiveKeys(false);
    try {
      return read.apply(
          new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options));
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

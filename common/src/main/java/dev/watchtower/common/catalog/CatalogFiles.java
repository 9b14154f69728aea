package dev.watchtower.common.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The catalog's file with the OpenSLO files that it names ({@code slo-files}). Safe for use by
 * several threads.
 */
public final class CatalogFiles {
  private static final int MAX_SLO_FILES = 500;

  private final Path file;
  private final CatalogParser parser;
  private volatile @Nullable Path sloFolder;
  private volatile Map<String, Integer> passedOver = Map.of();

  /** The catalog in {@code file}, read with {@code parser}. */
  public CatalogFiles(Path file, CatalogParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /**
   * Reads all of them.
   *
   * @throws CatalogException if one cannot be read or used
   */
  public Catalog read() {
    var catalog = parser.parse(file.toString(), bytes(file));
    var name = catalog.sloFiles();
    sloFolder = name == null ? null : file.toAbsolutePath().resolveSibling(name);
    var others = new TreeMap<String, Integer>();
    for (var openSlo : openSlo()) {
      catalog =
          catalog.withSlos(
              parser.openSlo(
                  openSlo.toString(),
                  bytes(openSlo),
                  catalog,
                  kind -> others.merge(kind, 1, Integer::sum)));
    }
    passedOver = Collections.unmodifiableMap(others);
    return catalog;
  }

  /**
   * How many OpenSLO documents of which kinds, by name, were passed over in what was read last
   * without a fault: they are no SLOs.
   */
  Map<String, Integer> passedOver() {
    return passedOver;
  }

  /**
   * The OpenSLO files of the catalog that was read last, in the order of their names.
   *
   * @throws CatalogException if the folder cannot be read, or holds too many
   */
  List<Path> openSlo() {
    var folder = sloFolder;
    if (folder == null) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      var found =
          files
              .filter(f -> f.toString().endsWith(".yaml") || f.toString().endsWith(".yml"))
              .sorted()
              .limit(MAX_SLO_FILES + 1L)
              .toList();
      if (found.size() > MAX_SLO_FILES) {
        throw refused(folder, "expected at most " + MAX_SLO_FILES + " files in slo-files");
      }
      return found;
    } catch (IOException e) {
      throw refused(folder, "slo-files: the folder cannot be read: " + e.getMessage());
    }
  }

  private static byte[] bytes(Path of) {
    // One byte more than allowed is enough to tell that it is too large.
    try (var in = Files.newInputStream(of)) {
      return in.readNBytes(CatalogParser.MAX_BYTES + 1);
    } catch (IOException e) {
      throw refused(
          of,
          Files.exists(of)
              ? "the file cannot be read: " + e.getMessage()
              : "there is no such file; set WATCHTOWER_CATALOG to where the catalog is");
    }
  }

  private static CatalogException refused(Path file, String message) {
    return new CatalogException(file.toString(), List.of(new CatalogFault(1, "", message)));
  }
}

package dev.watchtower.common.catalog;

import java.util.List;
import java.util.stream.Collectors;

/** The catalog cannot be used. Carries every fault found, in the order of the file. */
public final class CatalogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final transient List<CatalogFault> faults;

  /** The faults of {@code file}, at least one. */
  public CatalogException(String file, List<CatalogFault> faults) {
    super(faults.stream().map(f -> f.text(file)).collect(Collectors.joining("\n")));
    this.file = file;
    this.faults = List.copyOf(faults);
  }

  /** The file as it was named. */
  public String file() {
    return file;
  }

  /** What is wrong, in the order of the file. */
  public List<CatalogFault> faults() {
    return faults;
  }

  /** One line for each fault, for people. */
  public List<String> lines() {
    return faults.stream().map(f -> f.text(file)).toList();
  }
}

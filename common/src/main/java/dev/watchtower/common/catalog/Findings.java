package dev.watchtower.common.catalog;

import dev.watchtower.common.catalog.Section.NameSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What reading one file has found so far: faults, and names declared and referred to. */
final class Findings {
  private static final int MAX_FAULTS = 200;

  private record Reference(NameSpace space, String name, int line, String path) {}

  private final List<CatalogFault> faults = new ArrayList<>();
  private final Map<NameSpace, Map<String, Integer>> declared = new EnumMap<>(NameSpace.class);
  private final List<Reference> references = new ArrayList<>();

  /** Findings of a file that may refer to what a catalog has. */
  static Findings beside(Catalog catalog) {
    var findings = new Findings();
    for (var service : catalog.services()) {
      findings.declare(NameSpace.SERVICE, service.name(), 0);
      service.environments().forEach(env -> findings.declare(NameSpace.ENVIRONMENT, env, 0));
    }
    catalog.goldenSignals().forEach(s -> findings.declare(NameSpace.SIGNAL, s.name(), 0));
    catalog.slos().forEach(s -> findings.declare(NameSpace.SLO, s.name(), 0));
    return findings;
  }

  void fault(int line, String path, String message) {
    if (faults.size() < MAX_FAULTS) {
      faults.add(new CatalogFault(line, path, message));
    }
  }

  /** Notes the name; a fault when it is taken. */
  void declareOnce(NameSpace space, String name, int line, String path) {
    var first = names(space).putIfAbsent(name, line);
    if (first != null) {
      fault(
          line,
          path,
          "expected a name of its own, found '"
              + name
              + "', which is the "
              + space.title()
              + " of line "
              + first
              + " already");
    }
  }

  void declare(NameSpace space, String name, int line) {
    names(space).putIfAbsent(name, line);
  }

  void refer(NameSpace space, String name, int line, String path) {
    references.add(new Reference(space, name, line, path));
  }

  /** All faults in the order of the file, those of unknown references among them. */
  List<CatalogFault> conclude() {
    return conclude(Set.of());
  }

  /**
   * All faults in the order of the file.
   *
   * @param elsewhere spaces of which other files may declare names too
   */
  List<CatalogFault> conclude(Set<NameSpace> elsewhere) {
    for (var reference : references) {
      var names = names(reference.space()).keySet();
      if (!names.contains(reference.name()) && !elsewhere.contains(reference.space())) {
        fault(
            reference.line(),
            reference.path(),
            "there is no "
                + reference.space().title()
                + " '"
                + reference.name()
                + "'"
                + NearestName.to(reference.name(), names)
                    .map(n -> "; did you mean '" + n + "'?")
                    .orElse(names.isEmpty() ? "" : "; there are " + String.join(", ", names)));
      }
    }
    return faults.stream()
        .sorted(
            Comparator.comparingInt(CatalogFault::line)
                .thenComparing(CatalogFault::path)
                .thenComparing(CatalogFault::message))
        .distinct()
        .toList();
  }

  private Map<String, Integer> names(NameSpace space) {
    return declared.computeIfAbsent(space, s -> new TreeMap<>());
  }
}

package dev.watchtower.launcher.suite;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code up} is asked to bring up.
 *
 * @param components what to start, in starting order
 * @param portOffset added to every port
 * @param database the server to use instead of the embedded one; null for the embedded one
 */
public record Plan(
    List<Component> components, int portOffset, @Nullable ExternalDatabase database) {
  public Plan {
    components = List.copyOf(components);
    if (portOffset < 0 || portOffset > 40_000) {
      throw new Refusal("The port offset is " + portOffset + ", but 0 to 40000 is possible.");
    }
  }

  /** A PostgreSQL server that somebody else runs. */
  public record ExternalDatabase(String url, String user, String password) {}

  /**
   * The plan for the options of {@code up}.
   *
   * @param only names of the processes to start; empty for all
   */
  public static Plan of(
      boolean sample, List<String> only, int portOffset, @Nullable ExternalDatabase database) {
    Set<Component> wanted = EnumSet.noneOf(Component.class);
    for (var name : only) {
      wanted.add(
          Component.named(name)
              .orElseThrow(() ->
                  new Refusal(
                      "There is no '"
                          + name
                          + "' to start; there are "
                          + String.join(", ", Component.names())
                          + ".")));
    }
    if (only.isEmpty()) {
      wanted.addAll(Arrays.asList(Component.values()));
    }
    if (!sample) {
      wanted.removeIf(c -> c.kind() == Component.Kind.SHOP);
    }
    if (database != null) {
      wanted.remove(Component.POSTGRES);
    } else if (wanted.stream().anyMatch(c -> !c.schema().isEmpty())) {
      wanted.add(Component.POSTGRES);
    }
    if (wanted.isEmpty()) {
      throw new Refusal("With these options there is nothing to start.");
    }
    return new Plan(List.copyOf(wanted), portOffset, database);
  }

  /** Whether {@code component} is part of it. */
  public boolean has(Component component) {
    return components.contains(component);
  }

  /** The port of {@code component}. */
  public int port(Component component) {
    return component.port(portOffset);
  }

  /** The port of the supervisor. */
  public int supervisorPort() {
    return Component.SUPERVISOR_PORT + portOffset;
  }

  /** The Maven modules that have to be built. */
  public List<String> modules() {
    return components.stream().map(Component::module).filter(m -> !m.isEmpty()).distinct().toList();
  }
}

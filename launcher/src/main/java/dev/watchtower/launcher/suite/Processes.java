package dev.watchtower.launcher.suite;

import dev.watchtower.launcher.http.HealthProbe;
import dev.watchtower.launcher.postgres.PostgresServer;
import dev.watchtower.launcher.supervisor.ProcessSpec;
import dev.watchtower.launcher.supervisor.ProcessSpec.EndSignal;
import dev.watchtower.launcher.supervisor.ProcessSpec.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The plan's components as processes for the supervisor. */
public final class Processes {
  private Processes() {}

  /** One process for each component of {@code plan}, in starting order. */
  public static List<ProcessSpec> of(
      Plan plan, Layout layout, Environment environment, @Nullable PostgresServer postgres) {
    var runs = new JavaRuns(layout);
    return plan.components().stream()
        .map(c ->
            c == Component.POSTGRES && postgres != null
                ? database(plan, layout, postgres)
                : service(c, plan, layout, environment, runs))
        .toList();
  }

  private static ProcessSpec database(Plan plan, Layout layout, PostgresServer postgres) {
    return new ProcessSpec(
        Component.POSTGRES.id(),
        plan.port(Component.POSTGRES),
        false,
        () -> {
          try {
            return new Launch(postgres.command(), Map.of(), layout.data());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        postgres::accepting,
        EndSignal.INT);
  }

  private static ProcessSpec service(
      Component component, Plan plan, Layout layout, Environment environment, JavaRuns runs) {
    int port = plan.port(component);
    return new ProcessSpec(
        component.id(),
        port,
        component.kind() == Component.Kind.SHOP,
        () ->
            new Launch(
                runs.command(component.module()),
                environment.of(component),
                layout.root(),
                niceness(component)),
        new HealthProbe(port, HealthProbe.READINESS),
        EndSignal.TERM);
  }

  /**
   * The dashboard and the status page answer even while everything else starts again at once; what
   * is watched, and may burn the processor on purpose, steps back for the watchers.
   */
  private static int niceness(Component component) {
    if (component == Component.MONITOR) {
      return 0;
    }
    return component.kind() == Component.Kind.SHOP ? 10 : 5;
  }
}

package dev.watchtower.launcher.suite;

import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.OwnFolder;
import dev.watchtower.common.security.ServiceTokens;
import dev.watchtower.common.security.TokenIssuer;
import dev.watchtower.common.security.TokenVerifier;
import dev.watchtower.launcher.files.SecretFiles;
import dev.watchtower.launcher.http.MonitorTokens;
import dev.watchtower.launcher.postgres.PostgresBinaries;
import dev.watchtower.launcher.postgres.PostgresServer;
import dev.watchtower.launcher.postgres.jdbc.LogReserve;
import dev.watchtower.launcher.postgres.jdbc.SchemaRoles;
import dev.watchtower.launcher.supervisor.CatalogCommands;
import dev.watchtower.launcher.supervisor.Supervisor;
import dev.watchtower.launcher.supervisor.http.SupervisorApi;
import dev.watchtower.launcher.supervisor.http.SupervisorClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The suite, running under a supervisor in this JVM. */
public final class RunningSuite implements AutoCloseable {
  /** Who signs tokens; each gets its key before anything starts. */
  private static final List<String> ISSUERS =
      List.of("ingest", "incident", "analysis", "monitor", "chaos", "launcher");

  /** The secret file with the token of the sender configuration that {@code up} prints. */
  public static final String SENDER_TOKEN = MachineTokens.SENDER_TOKEN;

  private static final String ADMIN_PASSWORD = "db-admin.password";

  private final Layout layout;
  private final Plan plan;
  private final RunLock lock;
  private final Clock clock;
  private final SecretFiles secrets;
  private final Environment environment;
  private final @Nullable PostgresServer postgres;
  private final Supervisor supervisor;
  private final SupervisorApi api;
  private volatile SuiteStatus status = SuiteStatus.starting("");
  private volatile @Nullable AotTraining training;
  private volatile boolean closing;

  /**
   * Prepares everything and starts the supervisor; no process runs yet.
   *
   * @param lock held by us; let go of by {@link #close}
   */
  public RunningSuite(
      Layout layout, Plan plan, RunLock lock, Supervisor.Listener listener, Clock clock)
      throws IOException, InterruptedException {
    this(layout, plan, lock, listener, clock, Map.of());
  }

  /**
   * The same with variables of its own for the processes.
   *
   * @param variables win over those that the processes are given otherwise
   */
  public RunningSuite(
      Layout layout,
      Plan plan,
      RunLock lock,
      Supervisor.Listener listener,
      Clock clock,
      Map<String, String> variables)
      throws IOException, InterruptedException {
    this.layout = layout;
    this.plan = plan;
    this.lock = lock;
    this.clock = clock;
    this.secrets = new SecretFiles(layout.keys());
    this.environment = new Environment(layout, plan, secrets, variables);
    var keys = new KeyFiles(layout.keys());
    // Where that is not possible, the files in it are their owner's all the same.
    var unused = OwnFolder.make(layout.keys());
    ISSUERS.forEach(keys::privateKey);
    this.postgres = plan.has(Component.POSTGRES) ? preparedPostgres() : null;
    this.supervisor =
        new Supervisor(
            Processes.of(plan, layout, environment, postgres),
            layout.logs(),
            layout.processRecords(),
            clock,
            listener);
    this.api =
        new SupervisorApi(
            supervisor,
            new CatalogCommands(
                () -> new Preflight(layout, plan).catalog().remediation().commands(),
                layout.root()),
            () -> status,
            plan.supervisorPort(),
            new TokenVerifier(keys, SupervisorClient.AUDIENCE, id -> false),
            clock);
    lock.announce(RunLock.Owner.self(api.port(), plan.portOffset()));
  }

  /** The processes. */
  public Supervisor supervisor() {
    return supervisor;
  }

  /** How far the start is. */
  public SuiteStatus status() {
    return status;
  }

  /**
   * Starts everything and waits until it is healthy or it is clear that it does not become so. A
   * start that {@link #close} interrupts has not failed; it is never settled.
   *
   * @param warnings told what went wrong and did not stop the start
   */
  public SuiteStatus bringUp(Consumer<String> warnings) throws InterruptedException {
    SuiteStatus end;
    try {
      new BringUp(plan, supervisor, new SuiteSteps(warnings), warnings).run();
      end = SuiteStatus.READY;
    } catch (Refusal e) {
      end = SuiteStatus.failed(String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      end = SuiteStatus.failed("The start failed: " + Reasons.of(e));
    }
    status = closing ? SuiteStatus.starting("") : end;
    return status;
  }

  /**
   * Makes the files that the database's log will need in a flood; takes seconds where they are
   * missing.
   *
   * @param warnings told why there are none
   */
  public void reserveLog(Consumer<String> warnings) {
    var server = postgres;
    if (server == null || "off".equals(System.getenv("WATCHTOWER_LOG_RESERVE"))) {
      return;
    }
    try {
      var unused = new LogReserve(server, new SchemaRoles(server, adminPassword())).fill();
    } catch (IOException e) {
      // Everything works without; only not as fast when very much comes at once.
      warnings.accept(Reasons.of(e));
    }
  }

  /** The same in the background; what cannot be made then is left for the next start. */
  public void reserveLogInBackground() {
    Thread.ofPlatform().daemon().name("log-reserve").start(() -> reserveLog(reason -> {}));
  }

  /**
   * Makes the missing class caches in the background, with what the processor has left.
   *
   * @param rehearsals what the services are put through for it
   */
  public void trainInBackground(Rehearsal.Source rehearsals) {
    if (!"off".equals(System.getenv("WATCHTOWER_AOT"))) {
      var started = newTraining(rehearsals);
      training = started;
      started.start();
    }
  }

  /** Makes the missing class caches now; returns when they are there. */
  public void train(Rehearsal.Source rehearsals) {
    var started = newTraining(rehearsals);
    training = started;
    started.run();
  }

  private AotTraining newTraining(Rehearsal.Source rehearsals) {
    var server = postgres;
    return new AotTraining(
        layout,
        plan,
        environment,
        server == null ? null : new SchemaRoles(server, adminPassword()),
        rehearsals,
        clock);
  }

  /** Ends everything, the database last. */
  @Override
  public void close() {
    closing = true;
    var running = training;
    if (running != null) {
      running.close();
    }
    try {
      supervisor.close();
    } finally {
      api.close();
      try {
        lock.close();
      } catch (IOException e) {
        // The system lets go of the lock when we end, which is now.
        System.err.println("cannot remove the lock: " + e.getMessage());
      }
    }
  }

  /** The launcher's own tokens. */
  public ServiceTokens tokens() {
    return tokens(layout, clock);
  }

  /** The launcher's own tokens, for the keys in {@code layout}. */
  public static ServiceTokens tokens(Layout layout, Clock clock) {
    return tokens(layout.keys(), clock);
  }

  /** The same for the keys in a folder. */
  static ServiceTokens tokens(Path keys, Clock clock) {
    var key = new KeyFiles(keys).privateKey("launcher");
    return new ServiceTokens("launcher", new TokenIssuer("launcher", key), clock);
  }

  private PostgresServer preparedPostgres() throws IOException, InterruptedException {
    var binaries =
        PostgresBinaries.unpackedIn(
            layout.programs().resolve("postgres-" + PostgresBinaries.VERSION));
    var server = new PostgresServer(binaries, layout.postgres(), plan.port(Component.POSTGRES));
    server.initialise(adminPassword());
    return server;
  }

  private String adminPassword() {
    return secrets.readOrMake(ADMIN_PASSWORD);
  }

  private final class SuiteSteps implements BringUp.Steps {
    private final MachineTokens machines =
        new MachineTokens(
            layout,
            secrets,
            new MonitorTokens(environment.url(Component.MONITOR), tokens(layout, clock)),
            clock);
    private final Consumer<String> notes;

    SuiteSteps(Consumer<String> notes) {
      this.notes = notes;
    }

    @Override
    public boolean databaseRecovers() {
      var server = postgres;
      return server != null && server.state() == PostgresServer.State.NOT_YET;
    }

    @Override
    public void waitsFor(String sentence) {
      status = SuiteStatus.starting(sentence);
      if (!sentence.isEmpty()) {
        notes.accept(sentence);
      }
    }

    @Override
    public void databaseReady() throws IOException {
      var server = postgres;
      if (server == null) {
        return;
      }
      new SchemaRoles(server, adminPassword())
          .provide(Environment.DATABASE, Map.copyOf(environment.roles()));
    }

    @Override
    public boolean tokensReady() {
      return machines.usable(Environment.SHOP_TOKEN) && machines.usable(MachineTokens.SENDER_TOKEN);
    }

    @Override
    public boolean makeTokens() throws IOException {
      return machines.ensure();
    }
  }
}

package dev.watchtower.launcher.suite;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The processes of Watchtower on one machine, in the order in which they are started. */
public enum Component {
  POSTGRES(Kind.DATABASE, "", 15432, ""),
  MONITOR(Kind.SERVICE, "monitor-service", 8080, ""),
  INGEST(Kind.SERVICE, "ingest-service", 8081, "ingest"),
  INCIDENT(Kind.SERVICE, "incident-service", 8082, "incident"),
  ANALYSIS(Kind.SERVICE, "analysis-service", 8083, "analysis"),
  CHAOS(Kind.SERVICE, "chaos-service", 8084, "chaos"),
  INVENTORY(Kind.SHOP, "sample-shop", 8092, "shop"),
  CHECKOUT(Kind.SHOP, "sample-shop", 8091, "shop"),
  STOREFRONT(Kind.SHOP, "sample-shop", 8090, "shop"),
  TRAFFIC(Kind.SHOP, "sample-shop", 8093, "shop");

  /** The port of the supervisor itself. */
  public static final int SUPERVISOR_PORT = 8099;

  /** What a process is. */
  public enum Kind {
    DATABASE,
    SERVICE,
    SHOP
  }

  private final Kind kind;
  private final String module;
  private final int defaultPort;
  private final String schema;

  Component(Kind kind, String module, int defaultPort, String schema) {
    this.kind = kind;
    this.module = module;
    this.defaultPort = defaultPort;
    this.schema = schema;
  }

  /** The name that people and interfaces use, for example {@code ingest}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it is. */
  public Kind kind() {
    return kind;
  }

  /** The Maven module it is built from; empty for the database. */
  public String module() {
    return module;
  }

  /** Its port when all ports are moved by {@code offset}. */
  public int port(int offset) {
    return defaultPort + offset;
  }

  /** Its schema and role in the database; empty when it needs none. */
  public String schema() {
    return schema;
  }

  /** The component of that name, if there is one. */
  public static Optional<Component> named(String id) {
    return Arrays.stream(values()).filter(c -> c.id().equals(id)).findFirst();
  }

  /** All names. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Component::id).toList();
  }
}

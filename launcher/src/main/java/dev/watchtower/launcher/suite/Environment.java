package dev.watchtower.launcher.suite;

import dev.watchtower.launcher.files.SecretFiles;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment variables that the launcher gives to each process; docs/configuration.md lists
 * them.
 */
public final class Environment {
  /** The secret file with the token with which the sample shop sends its telemetry. */
  public static final String SHOP_TOKEN = "shop.token";

  private final Layout layout;
  private final Plan plan;
  private final SecretFiles secrets;
  private final Map<String, String> extra;

  /**
   * The environments for {@code plan}.
   *
   * @param extra win over what is set here
   */
  public Environment(Layout layout, Plan plan, SecretFiles secrets, Map<String, String> extra) {
    this.extra = Map.copyOf(extra);
    this.layout = layout;
    this.plan = plan;
    this.secrets = secrets;
  }

  /** What {@code component} is given beside the launcher's own environment. */
  public Map<String, String> of(Component component) {
    var all = new HashMap<>(addresses());
    all.put("SERVER_PORT", Integer.toString(plan.port(component)));
    // For the ports that the catalog names.
    all.put("WATCHTOWER_PORT_OFFSET", Integer.toString(plan.portOffset()));
    all.putAll(layout.environment());
    if (!component.schema().isEmpty()) {
      all.putAll(database(component.schema(), DATABASE));
    }
    if (component == Component.MONITOR) {
      // To probe it from outside; monitor has no role there and needs none.
      all.put("WATCHTOWER_DB_URL", databaseUrl(DATABASE));
    }
    if (component.kind() == Component.Kind.SHOP) {
      all.put("SHOP_ROLE", component.id());
      for (var part : List.of(Component.STOREFRONT, Component.CHECKOUT, Component.INVENTORY)) {
        all.put("SHOP_" + part.name(), url(part));
      }
      secrets.read(SHOP_TOKEN).ifPresent(token -> all.put("WATCHTOWER_SHOP_TOKEN", token));
    }
    all.putAll(extra);
    return Map.copyOf(all);
  }

  /** The name of the shared database. */
  public static final String DATABASE = "watchtower";

  /** How the owner of {@code schema} reaches {@code database}. */
  public Map<String, String> database(String schema, String database) {
    var external = plan.database();
    if (external != null) {
      return Map.of(
          "WATCHTOWER_DB_URL", external.url(),
          "WATCHTOWER_DB_USER", external.user(),
          "WATCHTOWER_DB_PASSWORD", external.password());
    }
    return Map.of(
        "WATCHTOWER_DB_URL",
        databaseUrl(database),
        "WATCHTOWER_DB_USER",
        schema,
        "WATCHTOWER_DB_PASSWORD",
        secrets.readOrMake(passwordFile(schema)));
  }

  private String databaseUrl(String database) {
    var external = plan.database();
    return external != null
        ? external.url()
        : "jdbc:postgresql://127.0.0.1:" + plan.port(Component.POSTGRES) + "/" + database;
  }

  /** The roles of the embedded database with their passwords. */
  public Map<String, String> roles() {
    var roles = new LinkedHashMap<String, String>();
    for (var component : Component.values()) {
      if (!component.schema().isEmpty()) {
        roles.computeIfAbsent(component.schema(), s -> secrets.readOrMake(passwordFile(s)));
      }
    }
    return roles;
  }

  /** The address of {@code component}. */
  public String url(Component component) {
    return "http://127.0.0.1:" + plan.port(component);
  }

  private Map<String, String> addresses() {
    var all = new HashMap<String, String>();
    for (var component : Component.values()) {
      switch (component.kind()) {
        case SERVICE -> all.put("WATCHTOWER_" + component.name() + "_URL", url(component));
        case SHOP -> all.put(component.name() + "_URL", url(component));
        case DATABASE -> {
          // Reached by WATCHTOWER_DB_URL.
        }
      }
    }
    all.put("WATCHTOWER_SUPERVISOR_URL", "http://127.0.0.1:" + plan.supervisorPort());
    if (System.getenv("WATCHTOWER_PUBLIC_URL") == null) {
      all.put("WATCHTOWER_PUBLIC_URL", url(Component.MONITOR));
    }
    return all;
  }

  private static String passwordFile(String schema) {
    return "db-" + schema + ".password";
  }
}

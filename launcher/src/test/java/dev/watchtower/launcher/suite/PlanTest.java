package dev.watchtower.launcher.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.launcher.files.SecretFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {
  @TempDir private Path folder;

  @Test
  void startsEverythingTheDatabaseFirst() {
    var plan = Plan.of(true, List.of(), 0, null);
    assertThat(plan.components()).hasSize(10).startsWith(Component.POSTGRES, Component.MONITOR);
    assertThat(plan.modules()).hasSize(6);
    assertThat(plan.supervisorPort()).isEqualTo(8099);
  }

  @Test
  void leavesTheSampleOut() {
    assertThat(Plan.of(false, List.of(), 0, null).components())
        .doesNotContain(Component.STOREFRONT, Component.TRAFFIC)
        .contains(Component.CHAOS);
  }

  @Test
  void bringsTheDatabaseAlongOnlyWhereItIsNeeded() {
    assertThat(Plan.of(true, List.of("ingest"), 0, null).components())
        .containsExactly(Component.POSTGRES, Component.INGEST);
    assertThat(Plan.of(true, List.of("monitor"), 0, null).components())
        .containsExactly(Component.MONITOR);
  }

  @Test
  void usesAnotherServerInsteadOfItsOwn() {
    var plan = Plan.of(true, List.of(), 0, new Plan.ExternalDatabase("jdbc:x", "me", "pw"));
    assertThat(plan.has(Component.POSTGRES)).isFalse();
    assertThat(environment(plan).of(Component.INGEST))
        .containsEntry("WATCHTOWER_DB_URL", "jdbc:x")
        .containsEntry("WATCHTOWER_DB_USER", "me")
        .containsEntry("WATCHTOWER_DB_PASSWORD", "pw");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> Plan.of(true, List.of("ingset"), 0, null))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("There is no 'ingset' to start");
    assertThatThrownBy(() -> Plan.of(false, List.of("traffic"), 0, null))
        .hasMessageContaining("nothing to start");
    assertThatThrownBy(() -> Plan.of(true, List.of(), 99_999, null)).hasMessageContaining("99999");
  }

  @Test
  void givesEachServiceItsOwnRoleAndTheAddressesOfTheOthers() {
    var plan = Plan.of(true, List.of(), 100, null);
    var environment = environment(plan);
    var incident = environment.of(Component.INCIDENT);
    assertThat(incident)
        .containsEntry("SERVER_PORT", "8182")
        .containsEntry("WATCHTOWER_PORT_OFFSET", "100")
        .containsEntry("WATCHTOWER_DB_URL", "jdbc:postgresql://127.0.0.1:15532/watchtower")
        .containsEntry("WATCHTOWER_DB_USER", "incident")
        .containsEntry("WATCHTOWER_INGEST_URL", "http://127.0.0.1:8181")
        .containsEntry("CHECKOUT_URL", "http://127.0.0.1:8191")
        .containsEntry("WATCHTOWER_SUPERVISOR_URL", "http://127.0.0.1:8199");
    assertThat(environment.roles())
        .containsEntry("incident", incident.get("WATCHTOWER_DB_PASSWORD"))
        .containsOnlyKeys("ingest", "incident", "analysis", "chaos", "shop");
    assertThat(environment.of(Component.MONITOR))
        .containsEntry("WATCHTOWER_DB_URL", "jdbc:postgresql://127.0.0.1:15532/watchtower")
        .doesNotContainKeys("WATCHTOWER_DB_USER", "WATCHTOWER_DB_PASSWORD");
  }

  @Test
  void givesTheShopItsRoleAndItsToken() {
    var secrets = new SecretFiles(folder.resolve("keys"));
    secrets.write(Environment.SHOP_TOKEN, "wt_x");
    assertThat(environment(Plan.of(true, List.of(), 0, null)).of(Component.CHECKOUT))
        .containsEntry("SHOP_ROLE", "checkout")
        .containsEntry("WATCHTOWER_SHOP_TOKEN", "wt_x");
  }

  @Test
  void keepsSecretsToTheirOwner() throws Exception {
    var secrets = new SecretFiles(folder.resolve("keys"));
    var made = secrets.readOrMake("a");
    assertThat(made).hasSize(32);
    assertThat(secrets.readOrMake("a")).isEqualTo(made);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("keys").resolve("a"))))
        .isEqualTo("rw-------");
  }

  private Environment environment(Plan plan) {
    return new Environment(
        Layout.in(folder), plan, new SecretFiles(folder.resolve("keys")), Map.of());
  }
}

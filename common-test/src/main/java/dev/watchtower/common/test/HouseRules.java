package dev.watchtower.common.test;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/**
 * The rules of the house that hold in every module. Use: {@code @ArchTest static final ArchTests
 * house = ArchTests.in(HouseRules.class);}
 */
public final class HouseRules {
  /** Sub-packages that may know a framework; a feature's own package may not. */
  private static final Set<String> ADAPTERS =
      Set.of(
          "web",
          "jdbc",
          "jpa",
          "http",
          "config",
          "statemachine",
          "discord",
          "email",
          "outbox",
          "sqlite",
          "stomp");

  private HouseRules() {}

  /** A feature's core knows no framework. */
  @ArchTest
  static final ArchRule CORES_KNOW_NO_FRAMEWORK =
      noClasses()
          .that(are(describe("in a feature's core", HouseRules::isCore)))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework..", "jakarta..", "java.sql..", "org.hibernate..")
          .allowEmptyShould(true);

  /** Services meet over HTTP only. */
  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Impl");

  /** Test classes are found by the build only under these names. */
  @ArchTest
  static final ArchRule TESTS_ARE_FOUND =
      classes()
          .that()
          .containAnyMethodsThat(
              describe(
                  "are tests",
                  m ->
                      m.isAnnotatedWith("org.junit.jupiter.api.Test")
                          || m.isAnnotatedWith("org.junit.jupiter.params.ParameterizedTest")))
          .and()
          .areTopLevelClasses()
          .should()
          .haveSimpleNameEndingWith("Test")
          .orShould()
          .haveSimpleNameEndingWith("IT")
          .orShould()
          .haveSimpleNameEndingWith("Contract")
          .allowEmptyShould(true);

  /** {@code dev.watchtower.<service>.<feature>} and nothing below an adapter package. */
  private static boolean isCore(JavaClass type) {
    var parts = type.getPackageName().split("\\.", -1);
    if (parts.length < 4 || parts[2].equals("common")) {
      return false;
    }
    if (type.getSimpleName().endsWith("Test")
        || type.getSimpleName().endsWith("IT")
        || type.getName().contains("Test$")
        || type.getName().contains("IT$")) {
      return false;
    }
    for (int i = 3; i < parts.length; i++) {
      if (ADAPTERS.contains(parts[i])) {
        return false;
      }
    }
    return true;
  }
}

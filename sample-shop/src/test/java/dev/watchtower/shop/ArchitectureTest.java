package dev.watchtower.shop;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.watchtower.shop",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /**
   * The shop is instrumented like any user's service: Watchtower comes in by configuration only.
   */
  @ArchTest
  static final ArchRule KNOWS_NOTHING_OF_WATCHTOWER =
      noClasses().should().dependOnClassesThat().resideInAPackage("dev.watchtower.common..");
}

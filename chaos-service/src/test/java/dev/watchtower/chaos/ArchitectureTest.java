package dev.watchtower.chaos;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import dev.watchtower.common.test.HouseRules;

@AnalyzeClasses(packages = "dev.watchtower.chaos")
class ArchitectureTest {
  @ArchTest static final ArchTests HOUSE = ArchTests.in(HouseRules.class);
}

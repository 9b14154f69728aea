package dev.watchtower.ingest;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import dev.watchtower.common.test.HouseRules;

@AnalyzeClasses(packages = "dev.watchtower.ingest")
class ArchitectureTest {
  @ArchTest static final ArchTests house = ArchTests.in(HouseRules.class);
}

package dev.watchtower.common.catalog;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Writes the faults of a catalog to standard error, plain, for whoever started the process by hand.
 */
public final class CatalogFailureReporter implements FailureAnalysisReporter {
  @Override
  public void report(FailureAnalysis analysis) {
    if (analysis.getCause() instanceof CatalogException e) {
      System.err.println(e.getMessage());
    }
  }
}

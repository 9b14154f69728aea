package dev.watchtower.common.catalog;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells, when the process cannot start because of the catalog, what is wrong with it: one line for
 * each fault.
 */
public final class CatalogFailureAnalyzer extends AbstractFailureAnalyzer<CatalogException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, CatalogException cause) {
    return new FailureAnalysis(
        cause.getMessage(), "Correct the lines named above in " + cause.file() + ".", cause);
  }
}

package dev.watchtower.analysis.run.web;

import dev.watchtower.analysis.run.Analyses;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.wire.CauseVerdict;
import dev.watchtower.common.wire.PageOf;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What people said of the analyses of an incident. */
@RestController
class VerdictController {
  private static final int MOST = 100;

  private final Analyses analyses;
  private final LazyMigration database;

  VerdictController(Analyses analyses, LazyMigration database) {
    this.analyses = analyses;
    this.database = database;
  }

  /** In their order; the last hundred. */
  @GetMapping("/api/v1/feedback")
  PageOf<CauseVerdict> verdicts(@RequestParam UUID incident) {
    database.require();
    return new PageOf<>(analyses.verdicts(incident, MOST), null);
  }
}

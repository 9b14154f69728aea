package dev.watchtower.incident.lifecycle.config;

import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** One log line and one count for every opening and transition, once it is stored. */
final class TransitionJournal implements IncidentListener {
  private static final Logger LOG = LoggerFactory.getLogger(TransitionJournal.class);

  private final MeterRegistry meters;

  TransitionJournal(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void changed(IncidentChange change) {
    if (change.moved()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              write(change);
            }
          });
    }
  }

  private void write(IncidentChange change) {
    var before = change.before();
    var after = change.after();
    var from = before == null ? "NONE" : before.state().name();
    meters
        .counter("watchtower.incident.transitions", "from", from, "to", after.state().name())
        .increment();
    LOG.atInfo()
        .addKeyValue("incidentId", after.id())
        .addKeyValue("number", after.number())
        .addKeyValue("service", after.subject().service())
        .addKeyValue("severity", after.severity())
        .addKeyValue("from", from)
        .addKeyValue("to", after.state())
        .addKeyValue(
            "actor", change.entries().isEmpty() ? "" : change.entries().getLast().actor().name())
        .log(before == null ? "incident opened" : "incident moved");
  }
}

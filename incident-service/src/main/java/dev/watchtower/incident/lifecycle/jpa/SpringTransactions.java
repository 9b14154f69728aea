package dev.watchtower.incident.lifecycle.jpa;

import dev.watchtower.incident.lifecycle.ConcurrentChange;
import dev.watchtower.incident.lifecycle.Transactions;
import java.util.function.Supplier;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions of the service's one transaction manager. */
public final class SpringTransactions implements Transactions {
  private final TransactionTemplate template;

  /** Transactions by {@code manager}; each call starts one of its own. */
  public SpringTransactions(PlatformTransactionManager manager) {
    template = new TransactionTemplate(manager);
    template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    template.setTimeout(10);
  }

  @Override
  @SuppressWarnings("NullAway") // what the work returns is what execute returns
  public <T> T once(Supplier<T> work) {
    try {
      return template.execute(status -> work.get());
    } catch (ConcurrencyFailureException | DuplicateKeyException e) {
      throw new ConcurrentChange(e);
    }
  }
}

package dev.watchtower.incident.notification.outbox;

import dev.watchtower.common.outbox.Outbox;
import dev.watchtower.incident.notification.Dispatch;
import dev.watchtower.incident.notification.Pauses;
import java.util.UUID;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Hands notices over to the outbox, one queue for each channel. */
final class OutboxDispatch implements Dispatch {
  private final Outbox outbox;
  private final Pauses pauses;

  OutboxDispatch(Outbox outbox, Pauses pauses) {
    this.outbox = outbox;
    this.pauses = pauses;
  }

  @Override
  public void deliver(String channel, UUID notice) {
    outbox.append(channel, NoticeDelivery.TOPIC, new NoticeDelivery.Ref(notice));
  }

  @Override
  public void hurry(String channel) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            pauses.forget(channel);
            outbox.hurry(NoticeDelivery.TOPIC, channel);
          }
        });
  }
}

package dev.watchtower.incident.remediation;

import dev.watchtower.common.catalog.Remediation.Action;
import dev.watchtower.common.security.Digests;
import java.util.Optional;

/**
 * What takes an action back, on record from when the action was done: the catalog may have another
 * playbook by the time that it has not helped, or none. Of a command it is the name of the one that
 * takes it back; of a webhook a digest of the address, which is a secret. Pure.
 */
public final class WayBack {
  private WayBack() {}

  /** What is put on record of the action; empty if nothing takes it back. */
  public static Optional<String> of(Action action) {
    return switch (action) {
      case Action.Run run -> Optional.ofNullable(run.undo());
      case Action.Webhook hook ->
          Optional.ofNullable(hook.undoUrl()).filter(url -> !url.isEmpty()).map(Digests::of);
      default -> Optional.empty();
    };
  }
}

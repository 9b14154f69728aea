package dev.watchtower.monitor.statuspage;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Planned work as the public sees it: which components, and when.
 *
 * @param id one for each stretch, the same whenever it is told
 * @param components names of those it touches, at least one
 * @param until when it is to end, or has ended
 */
public record PublicMaintenance(
    UUID id,
    Status status,
    List<String> components,
    Instant from,
    Instant until,
    Instant createdAt) {

  /** Where it stands, in the words of the Statuspage API. */
  public enum Status {
    SCHEDULED("Scheduled", "This is planned: %s may be unavailable for a while."),
    IN_PROGRESS("In progress", "The planned work has begun: %s may be unavailable for a while."),
    COMPLETED("Completed", "The planned work on %s is over.");

    private final String words;
    private final String body;

    Status(String words, String body) {
      this.words = words;
      this.body = body;
    }

    /** As the API writes it. */
    public String api() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  public PublicMaintenance {
    components = List.copyOf(components);
    if (components.isEmpty()) {
      throw new IllegalArgumentException("work on no component concerns nobody");
    }
  }

  /** What it is called. */
  public String name() {
    return "Maintenance of " + String.join(", ", components);
  }

  /** What was told when it came to {@code told}. */
  public String body(Status told) {
    return told.body.formatted(String.join(", ", components));
  }

  /** When it came to {@code told}: for what is only planned, when it was planned. */
  public Instant since(Status told) {
    return switch (told) {
      case SCHEDULED -> createdAt.isBefore(from) ? createdAt : from;
      case IN_PROGRESS -> from;
      case COMPLETED -> until;
    };
  }
}

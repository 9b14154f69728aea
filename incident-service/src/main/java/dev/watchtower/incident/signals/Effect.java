package dev.watchtower.incident.signals;

/** What a signal does to the incidents of its service and environment. */
public sealed interface Effect {
  /** It opens an incident. */
  record Opens() implements Effect {}

  /**
   * It begins to fire in the open incident, or fires on more severely.
   *
   * @param regresses whether a mitigated incident relapses by it
   */
  record Joins(boolean regresses) implements Effect {}

  /**
   * It ends one that fires in the open incident.
   *
   * @param recovers whether that was the last one and the incident is mitigated by it
   */
  record Clears(boolean recovers) implements Effect {}

  /** It changes nothing. */
  record Ignored(String reason) implements Effect {}

  /** One word for the record. */
  default String word() {
    return switch (this) {
      case Opens o -> "OPENED";
      case Joins j -> "JOINED";
      case Clears c -> "CLEARED";
      case Ignored i -> "IGNORED";
    };
  }
}

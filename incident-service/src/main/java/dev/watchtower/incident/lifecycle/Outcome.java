package dev.watchtower.incident.lifecycle;

/** What became of a wish of a person. */
public sealed interface Outcome<T> {
  /** Done, and stored. */
  record Done<T>(T value) implements Outcome<T> {}

  /** There is no such incident. */
  record Unknown<T>() implements Outcome<T> {}

  /** The incident is resolved and does not change any more. */
  record Resolved<T>(Incident incident) implements Outcome<T> {}

  /** There is no such thing in the incident; {@code what} for people. */
  record Missing<T>(String what) implements Outcome<T> {}

  /** Not possible now; {@code why} for people. Nothing has changed. */
  record Refused<T>(String why) implements Outcome<T> {}
}

package dev.watchtower.incident.export;

/** Signs documents in the service's name. Thread-safe. */
@FunctionalInterface
public interface Sealer {
  /** The document with its signature. */
  Seal seal(byte[] document);
}

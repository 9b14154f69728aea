package dev.watchtower.ingest.detection.anomaly;

/** Bytes that are not, or not any more, the models of a service as they are wanted now. */
final class UnreadableModelException extends RuntimeException {
  UnreadableModelException(String message) {
    super(message);
  }
}

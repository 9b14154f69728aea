package dev.watchtower.ingest.detection.anomaly;

import dev.watchtower.ingest.golden.ServiceKey;

/**
 * The models of a service as they were at a step, to be saved.
 *
 * @param at event time of the step, milliseconds since the epoch
 * @param bytes as {@link ModelBytes#write} made them
 */
@SuppressWarnings("ArrayRecordComponent")
public record WaitingModel(ServiceKey key, long at, byte[] bytes) {
  /** In less room, which takes some milliseconds: not for the thread of detection. */
  public byte[] packed() {
    return ModelBytes.pack(bytes);
  }
}

package dev.watchtower.ingest.detection.anomaly;

/**
 * The state of models on its way out or in. A part of a model hands each of its fields over and
 * keeps what comes back: the same when it is written, the saved one when it is read. So one method
 * of a part serves both directions, and nothing can be saved and not loaded, or in another order.
 *
 * <p>What is read may be damaged: each method throws {@link UnreadableModelException} for what can
 * be no state, and none makes room for more than the part has.
 */
interface ModelState {
  /** A number that is finite. */
  double exchange(double value);

  /** A number that may be infinite, or none. */
  double exchangeAny(double value);

  /** A number from {@code least} to {@code most}. */
  long exchange(long value, long least, long most);

  /** A short text. */
  String exchange(String value);

  /** Numbers that are finite. */
  void exchange(double[] values);

  /** The first {@code length} numbers, which are finite. */
  void exchange(float[] values, int length);

  /** Counts up to 127. */
  void exchange(byte[] values);

  /** What must be the same as when it was written, or the rest says something else. */
  void expect(String what, long value);

  /** What must hold of that which was read. */
  void require(boolean holds, String what);

  /** A number from {@code least} to {@code most}. */
  default int exchange(int value, int least, int most) {
    return (int) exchange((long) value, (long) least, (long) most);
  }

  /** A yes or no. */
  default boolean exchange(boolean value) {
    return exchange(value ? 1 : 0, 0, 1) == 1;
  }

  /** How often something has happened. */
  default long exchangeCount(long value) {
    return exchange(value, 0, Long.MAX_VALUE / 2);
  }

  /** All numbers, which are finite. */
  default void exchange(float[] values) {
    exchange(values, values.length);
  }
}

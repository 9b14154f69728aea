package dev.watchtower.common.wire;

/** Whether a signal says that a breach began or that it is over. */
public enum SignalStatus {
  FIRING,
  CLEARED
}

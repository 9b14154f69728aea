package dev.watchtower.common.wire;

import java.util.Map;

/**
 * A fault to hold at a target until its time to live is over; sending it again renews it.
 *
 * @param kind the attack, as in {@link RunView#kind}
 * @param parameters what the kind needs, see docs/chaos.md
 * @param ttlMillis time to live in milliseconds from receipt, 1..10000
 */
public record FaultLease(String kind, Map<String, Object> parameters, long ttlMillis) {
  /** The longest a fault may outlive its controller, in milliseconds. */
  public static final long MAX_TTL_MILLIS = 10_000;
}

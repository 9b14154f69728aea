package dev.watchtower.common.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The golden signals of one service and environment at one instant: the message of {@code
 * /topic/metrics.{env}.{service}}, and, with {@code stale} beside it, the item of {@code GET
 * /api/v1/signals}.
 *
 * @param seq rises by one a message on its destination
 * @param ts milliseconds since the epoch, event time
 * @param signals values by name: {@code cpu} and {@code memory} as ratios 0..1, {@code
 *     latency_p50|p95|p99} in seconds, {@code error_rate} as a ratio 0..1, {@code traffic} in
 *     requests per second; null where there is no data
 */
public record SignalsBatch(
    String env, String service, long seq, long ts, Map<String, @Nullable Double> signals) {}

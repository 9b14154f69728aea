package dev.watchtower.common.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A supervised process as the supervisor sees it.
 *
 * @param state one of STARTING, HEALTHY, UNHEALTHY, STOPPED, BACK_OFF, HELD_DOWN
 * @param restarts how often the supervisor has restarted it since {@code up}
 * @param residentBytes resident memory, 0 where the system does not tell
 */
public record ProcessView(
    String name,
    @Nullable Long pid,
    int port,
    String state,
    int restarts,
    long residentBytes,
    @Nullable Instant since) {}

package dev.watchtower.ingest.events;

import dev.watchtower.common.wire.ChangeEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is stored.
 *
 * @param runId the chaos run it belongs to, if any
 * @param blind whether it is hidden until an event of the same run says that the run has ended
 */
public record ReceivedEvent(ChangeEvent event, @Nullable String runId, boolean blind) {}

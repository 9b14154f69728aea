package dev.watchtower.common.wire;

import org.jspecify.annotations.Nullable;

/**
 * A person's or a policy's wish to move an incident on.
 *
 * @param event the event
 * @param comment why; required for {@link IncidentEvent#DISMISS}
 * @param version the incident's version that the sender has seen; absent: whatever it is now
 */
public record TransitionRequest(
    IncidentEvent event, @Nullable String comment, @Nullable Long version) {}

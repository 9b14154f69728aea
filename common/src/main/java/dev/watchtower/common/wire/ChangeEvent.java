package dev.watchtower.common.wire;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something was changed on purpose: a deployment, a configuration, a chaos run, an annotation. The
 * normalised form of a CloudEvent (1.0); the pair of {@code source} and {@code id} is its identity.
 *
 * @param type the CloudEvents type, for example {@code dev.cdevents.service.deployed.0.3.0}
 * @param service the service it touches, where the event names one
 * @param env the environment
 * @param time when it happened
 * @param summary one sentence
 * @param data the event's own data
 */
public record ChangeEvent(
    String id,
    String source,
    String type,
    @Nullable String service,
    @Nullable String env,
    Instant time,
    String summary,
    Map<String, Object> data) {}

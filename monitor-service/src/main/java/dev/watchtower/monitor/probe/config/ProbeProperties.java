package dev.watchtower.monitor.probe.config;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Watchtower's own parts are probed.
 *
 * @param dbUrl JDBC address of PostgreSQL, for a check of its port
 * @param interval between two checks of one part
 * @param timeout of one check
 * @param downAfter failures in a row before a part counts as down
 * @param upAfter successes in a row before it counts as up again
 * @param startGrace how long after this process's start something that has not answered yet is not
 *     called down: the whole suite may be starting
 */
@ConfigurationProperties("watchtower.monitor")
public record ProbeProperties(
    String dbUrl,
    @DefaultValue("1s") Duration interval,
    @DefaultValue("2s") Duration timeout,
    @DefaultValue("3") int downAfter,
    @DefaultValue("2") int upAfter,
    @DefaultValue("90s") Duration startGrace) {}

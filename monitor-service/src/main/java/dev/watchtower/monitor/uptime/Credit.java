package dev.watchtower.monitor.uptime;

import java.time.Instant;

/**
 * Time to be added to a subject's minute.
 *
 * @param minute the beginning of the minute
 */
public record Credit(String subject, Instant minute, Shares shares) {}

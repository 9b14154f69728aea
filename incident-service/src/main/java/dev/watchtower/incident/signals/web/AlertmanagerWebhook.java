package dev.watchtower.incident.signals.web;

import static java.nio.charset.StandardCharsets.UTF_16;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.watchtower.common.problem.Fields;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.Texts;
import dev.watchtower.common.wire.Fingerprints;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.web.Input;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The body of Alertmanager's webhook, version 4, and how its alerts become signals. */
@JsonIgnoreProperties(ignoreUnknown = true)
record AlertmanagerWebhook(
    @Nullable String version,
    @Nullable String groupKey,
    @Nullable Long truncatedAlerts,
    @Nullable List<@Nullable Alert> alerts) {
  private static final int MAX_ALERTS = 10_000;
  private static final int MAX_NAME = 180;

  /** Go's zero time, with which Alertmanager and its kin say that a time is not set. */
  private static final Instant NOT_SET = Instant.parse("0001-01-01T00:00:00Z");

  /** One alert. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Alert(
      @Nullable String status,
      @Nullable Map<String, String> labels,
      @Nullable Map<String, String> annotations,
      @Nullable String startsAt,
      @Nullable String endsAt,
      @Nullable String generatorURL,
      @Nullable String fingerprint) {}

  /** Labels that may name the service and the environment, the first present one wins. */
  record Naming(List<String> service, List<String> env) {}

  /**
   * The alerts as signals, in their order.
   *
   * @param now in place of a time that is not set; an alert whose start is not is one of now each
   *     time it is reported
   * @throws Problem 400 that names the first field at fault
   */
  List<Signal> signals(Naming naming, Instant now) {
    if (!"4".equals(version)) {
      throw Problem.badField("version", "expected \"4\"");
    }
    if (alerts == null) {
      throw Problem.badField("alerts", "this field is required");
    }
    if (alerts.size() > MAX_ALERTS) {
      throw Problem.badField("alerts", "at most " + MAX_ALERTS + " alerts; set max_alerts");
    }
    var signals = new ArrayList<Signal>(alerts.size());
    var whole = Fields.noNulls("alerts", alerts);
    for (int i = 0; i < whole.size(); i++) {
      signals.add(signal(whole.get(i), "alerts[" + i + "]", naming, now));
    }
    return List.copyOf(signals);
  }

  private static Signal signal(Alert alert, String path, Naming naming, Instant now) {
    var labels = alert.labels() == null ? Map.<String, String>of() : alert.labels();
    labels.forEach((name, value) -> {
      var unused = Fields.notNull(path + ".labels." + name, value);
    });
    var status =
        switch (String.valueOf(alert.status())) {
          case "firing" -> SignalStatus.FIRING;
          case "resolved" -> SignalStatus.CLEARED;
          default -> throw Problem.badField(path + ".status", "expected firing or resolved");
        };
    var startsAt = instant(alert.startsAt(), path + ".startsAt", now);
    var at =
        status == SignalStatus.FIRING ? startsAt : instant(alert.endsAt(), path + ".endsAt", now);
    var rule = cut(first(labels, List.of("alertname"), "alert"), MAX_NAME);
    var fingerprint = fingerprint(alert, labels);
    return new Signal(
        id(fingerprint, startsAt, status, at),
        fingerprint,
        SignalKind.EXTERNAL,
        status,
        rule,
        name(labels, naming.service()),
        name(labels, naming.env()),
        severity(labels.getOrDefault("severity", "")),
        cut(summary(alert, rule), SignalBounds.SUMMARY),
        at,
        new SignalEvidence(
            cut(String.valueOf(alert.generatorURL()), 2000), null, null, null, null, some(labels)),
        null);
  }

  // Alertmanager repeats a firing alert as long as it fires: the same start is the same signal.
  private static UUID id(String fingerprint, Instant start, SignalStatus status, Instant at) {
    var key =
        fingerprint + "|" + start + "|" + status + (status == SignalStatus.CLEARED ? "|" + at : "");
    return UUID.nameUUIDFromBytes(("alertmanager|" + key).getBytes(StandardCharsets.UTF_8));
  }

  private static String fingerprint(Alert alert, Map<String, String> labels) {
    var given = alert.fingerprint();
    if (given != null && !given.isBlank()) {
      return Fingerprints.ofAlertmanager(cut(given, MAX_NAME));
    }
    var sorted =
        labels.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining("|"));
    return Fingerprints.ofAlertmanager(
        UUID.nameUUIDFromBytes(sorted.getBytes(StandardCharsets.UTF_8)).toString());
  }

  private static Instant instant(@Nullable String text, String path, Instant now) {
    Instant time;
    try {
      time = OffsetDateTime.parse(String.valueOf(text)).toInstant();
    } catch (DateTimeException e) {
      throw Problem.badField(path, "expected a time such as 2026-03-02T10:00:00Z");
    }
    if (time.equals(NOT_SET)) {
      return now;
    }
    var unused = Input.time(path, time);
    return time;
  }

  private static String summary(Alert alert, String rule) {
    var notes = alert.annotations() == null ? Map.<String, String>of() : alert.annotations();
    return first(notes, List.of("summary", "description", "message"), rule);
  }

  private static String first(Map<String, String> values, List<String> names, String otherwise) {
    for (var name : names) {
      var value = values.get(name);
      var clean = value == null ? "" : storable(value).strip();
      if (!clean.isEmpty()) {
        return clean;
      }
    }
    return otherwise;
  }

  // One odd label must not have the other alerts refused with it.
  private static String name(Map<String, String> labels, List<String> naming) {
    return Texts.madePlain(cut(first(labels, naming, "default"), MAX_NAME));
  }

  private static Map<String, String> some(Map<String, String> labels) {
    return labels.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .limit(SignalBounds.LABELS)
        .collect(
            Collectors.toMap(
                e -> cut(e.getKey(), MAX_NAME),
                e -> cut(e.getValue(), 1000),
                // Long names can be the same once they are cut.
                (first, second) -> first));
  }

  private static String cut(String text, int max) {
    return SignalBounds.cut(storable(text), max);
  }

  // Alertmanager sends a group that was refused never again. Of a surrogate pair that is not whole
  // the replacement character is left.
  private static String storable(String text) {
    return new String(text.replace("\0", "").getBytes(UTF_16), UTF_16);
  }

  /** The words for severity that are in use; unknown ones count as SEV3. */
  private static Severity severity(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "sev1", "critical", "page", "emergency", "fatal", "p1" -> Severity.SEV1;
      case "sev2", "error", "high", "major", "p2" -> Severity.SEV2;
      case "sev4", "info", "information", "low", "none", "p4" -> Severity.SEV4;
      default -> Severity.SEV3;
    };
  }
}

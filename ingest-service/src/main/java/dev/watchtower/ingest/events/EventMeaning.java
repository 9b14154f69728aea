package dev.watchtower.ingest.events;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an event says to Watchtower: the service and environment it touches, in one sentence.
 *
 * @param runId the chaos run, if it is of one
 */
record EventMeaning(
    @Nullable String service, @Nullable String env, String summary, @Nullable String runId) {
  /** How the types of CDEvents begin that have to name a service. */
  static final String OF_A_SERVICE = "dev.cdevents.service.";

  private static final String CDEVENTS = "dev.cdevents.";
  private static final String CHAOS = "dev.watchtower.chaos.";
  private static final int MAX_SUMMARY = 500;

  static EventMeaning of(String type, @Nullable String subject, JsonNode data) {
    if (type.startsWith(CDEVENTS)) {
      return cdevent(type, subject, data);
    }
    var service = first(text(data, "service"), type.startsWith(CHAOS) ? null : subject);
    var env = text(data, "env");
    var words = first(text(data, "summary"), text(data, "text"));
    if (type.startsWith(CHAOS)) {
      var what = type.substring(type.lastIndexOf('.') + 1);
      words =
          "Chaos run of "
              + first(text(data, "experiment"), "an experiment")
              + (service == null ? "" : " on " + service)
              + " "
              + what;
    }
    return new EventMeaning(
        service,
        env,
        cut(words == null ? type + (service == null ? "" : " on " + service) : words),
        type.startsWith(CHAOS) ? text(data, "runId") : null);
  }

  /**
   * CDEvents: the subject of {@code service.*} is the service, that of {@code environment.*} the
   * environment, with everything in it. All others are about a run, a build, an incident …, and say
   * the service elsewhere, if at all: {@code of} names one only where it is not that run again, as
   * which the SDKs of CDEvents set it.
   */
  private static EventMeaning cdevent(String type, @Nullable String of, JsonNode data) {
    var subject = data.path("subject");
    var content = subject.path("content");
    var id = text(subject, "id");
    var parts = type.substring(CDEVENTS.length()).split("\\.", -1);
    var verb = parts.length > 1 ? parts[1] : parts[0];
    if (parts[0].equals("environment")) {
      var env = lastPart(id);
      return new EventMeaning(
          null, env, cut("environment " + (env == null ? "" : env + " ") + verb), null);
    }
    var isService = parts[0].equals("service");
    var service =
        isService
            ? lastPart(first(id, of))
            : first(
                lastPart(text(content.path("service"), "id")),
                first(text(data, "service"), Objects.equals(of, id) ? null : of));
    var env = first(lastPart(text(content.path("environment"), "id")), text(data, "env"));
    var artifact = text(content, "artifactId");
    var what =
        isService
            ? first(service, parts[0]) + " " + verb
            : parts[0]
                + (id == null ? "" : " " + lastPart(id))
                + (" " + verb)
                + (service == null || service.equals(id) ? "" : " for " + service);
    return new EventMeaning(
        service,
        env,
        cut(what + (env == null ? "" : " in " + env) + (artifact == null ? "" : ": " + artifact)),
        null);
  }

  private static @Nullable String lastPart(@Nullable String id) {
    return id == null || id.endsWith("/") ? null : id.substring(id.lastIndexOf('/') + 1);
  }

  private static @Nullable String text(JsonNode node, String name) {
    var value = node.path(name);
    return value.isString() && !value.stringValue().isEmpty() ? value.stringValue() : null;
  }

  private static @Nullable String first(@Nullable String one, @Nullable String other) {
    return one == null ? other : one;
  }

  static String cut(String text) {
    return text.length() <= MAX_SUMMARY ? text : text.substring(0, MAX_SUMMARY - 1) + "…";
  }
}

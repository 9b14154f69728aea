package dev.watchtower.incident.notification.http;

import dev.watchtower.incident.notification.IncidentCard;
import dev.watchtower.incident.notification.Letter;
import dev.watchtower.incident.notification.Notice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Words notices as CloudEvents 1.0 (JSON format) that carry CDEvents 0.5 (continuous operations,
 * version 0.3.0 of the incident events), bound as CDEvents' "CloudEvents Binding" says. The event's
 * id and time are the notice's: the same at each attempt.
 */
final class IncidentEvents {
  private static final String VERSION = ".0.3.0";
  private static final int MOST_IMPACT = 50;
  private static final int LONGEST_TEXT = 2_000;

  private IncidentEvents() {}

  /**
   * The event.
   *
   * @param source this installation, a URI
   */
  static Map<String, Object> event(Letter letter, String source) {
    var notice = letter.notice();
    return letter
        .incident()
        .map(card -> incident(notice, card, source))
        .orElseGet(() -> test(notice, source));
  }

  private static Map<String, Object> incident(Notice notice, IncidentCard card, String source) {
    var subject = String.valueOf(notice.incident());
    var type = type(notice, card);
    var event = envelope(notice, type, source);
    event.put("subject", subject);
    event.put("datacontenttype", "application/cdevents+json");
    event.put(
        "data",
        ordered(
            "context",
            ordered(
                "specversion",
                "0.5.0",
                "id",
                notice.id().toString(),
                "source",
                source,
                "type",
                type,
                "timestamp",
                notice.createdAt().toString()),
            "subject",
            ordered("id", subject, "source", source, "content", content(card, type)),
            "customData",
            details(notice, card),
            "customDataContentType",
            "application/json"));
    return event;
  }

  // Detected by a signal; reported is what people or the lifecycle add to it, with the address at
  // which it is worked on.
  private static String type(Notice notice, IncidentCard card) {
    var predicate =
        switch (notice.kind()) {
          case RESOLVED -> card.end().goesOn() ? "reported" : "resolved";
          case OPENED -> card.impact().isEmpty() ? "reported" : "detected";
          case EDIT, ESCALATION, WORSE, TEST -> "reported";
        };
    return "dev.cdevents.incident." + predicate + VERSION;
  }

  private static Map<String, Object> content(IncidentCard card, String type) {
    var content =
        ordered(
            "description", shortened(card.title()),
            "environment", ordered("id", card.env()),
            "service", ordered("id", card.service()));
    if (type.contains(".reported.")) {
      content.put("ticketURI", card.link());
    }
    return content;
  }

  private static Map<String, Object> details(Notice notice, IncidentCard card) {
    var details =
        ordered(
            "notification",
            notice.kind().name(),
            "about",
            notice.about(),
            "number",
            card.number(),
            "state",
            card.state().name(),
            "severity",
            card.severity().name(),
            "since",
            card.since().toString(),
            "link",
            card.link(),
            "impact",
            card.impact().stream().limit(MOST_IMPACT).map(IncidentEvents::shortened).toList());
    if (card.impact().size() > MOST_IMPACT) {
      details.put("impactLeftOut", card.impact().size() - MOST_IMPACT);
    }
    if (!card.cause().isEmpty()) {
      details.put("likelyCause", shortened(card.cause()));
    }
    if (!card.repair().isEmpty()) {
      details.put("repair", shortened(card.repair()));
    }
    if (card.assignee() != null) {
      details.put("assignee", card.assignee());
    }
    if (!card.end().words().isEmpty()) {
      details.put("end", card.end().words());
    }
    if (card.lasted() != null) {
      details.put("lastedSeconds", card.lasted().toSeconds());
    }
    return details;
  }

  private static Map<String, Object> test(Notice notice, String source) {
    var event = envelope(notice, "dev.watchtower.notification.test", source);
    event.put("datacontenttype", "application/json");
    event.put("data", ordered("about", notice.about()));
    return event;
  }

  private static Map<String, Object> envelope(Notice notice, String type, String source) {
    return ordered(
        "specversion",
        "1.0",
        "id",
        notice.id().toString(),
        "source",
        source,
        "type",
        type,
        "time",
        notice.createdAt().toString());
  }

  private static String shortened(String text) {
    if (text.length() <= LONGEST_TEXT) {
      return text;
    }
    int end = LONGEST_TEXT - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    var map = new LinkedHashMap<String, Object>();
    var all = List.of(keysAndValues);
    for (int i = 0; i < all.size(); i += 2) {
      map.put(all.get(i).toString(), all.get(i + 1));
    }
    return map;
  }
}

package dev.watchtower.incident.audit.web;

import java.util.UUID;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** What a request asks for, where its path does not say it: for the audit trail. */
public final class AuditNote {
  static final String ATTRIBUTE = "dev.watchtower.incident.audit.note";

  static final String ACTOR = "dev.watchtower.incident.audit.actor";

  static final String INCIDENT = "dev.watchtower.incident.audit.incident";

  static final String UNDONE = "dev.watchtower.incident.audit.undone";

  private AuditNote() {}

  /** Notes a word or two, such as {@code ACKNOWLEDGE}; nothing secret, and no long text. */
  public static void of(String words) {
    set(ATTRIBUTE, words);
  }

  /** Says who asks, where a signature takes the place of a token. */
  public static void by(String actor) {
    set(ACTOR, actor);
  }

  /** Says to which incident it is done, where the path does not. */
  public static void on(UUID incident) {
    set(INCIDENT, incident.toString());
  }

  /** Says that it is certain that nothing was done, where the answer (503) does not. */
  public static void undone() {
    set(UNDONE, "true");
  }

  private static void set(String name, String value) {
    var attributes = RequestContextHolder.getRequestAttributes();
    if (attributes != null) {
      attributes.setAttribute(name, value, RequestAttributes.SCOPE_REQUEST);
    }
  }
}

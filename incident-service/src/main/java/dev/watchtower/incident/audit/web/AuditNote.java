package dev.watchtower.incident.audit.web;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** What a request asks for, where its path does not say it: for the audit trail. */
public final class AuditNote {
  static final String ATTRIBUTE = "dev.watchtower.incident.audit.note";

  private AuditNote() {}

  /** Notes a word or two, such as {@code ACKNOWLEDGE}; nothing secret, and no long text. */
  public static void of(String words) {
    var attributes = RequestContextHolder.getRequestAttributes();
    if (attributes != null) {
      attributes.setAttribute(ATTRIBUTE, words, RequestAttributes.SCOPE_REQUEST);
    }
  }
}

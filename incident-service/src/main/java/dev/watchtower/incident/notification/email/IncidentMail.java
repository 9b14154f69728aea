package dev.watchtower.incident.notification.email;

import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.incident.notification.Letter;
import dev.watchtower.incident.notification.Notice;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Date;

/**
 * A mail about an incident. All mails of an incident are one thread: the first has an id made from
 * the incident's, the others refer to it.
 */
final class IncidentMail extends MimeMessage {
  private final String id;

  private IncidentMail(Session session, String id) {
    super(session);
    this.id = id;
  }

  /**
   * The mail for a letter; the same at each attempt but for what the incident looks like.
   *
   * @throws MessagingException if an address is none
   */
  static IncidentMail of(Session session, Channel.Email channel, Letter letter)
      throws MessagingException {
    var notice = letter.notice();
    var domain = EmailTransport.domainOf(channel.smtp().from());
    var thread = "<incident.%s.%s@%s>".formatted(notice.incident(), channel.name(), domain);
    boolean first = notice.kind() == Notice.Kind.OPENED;
    var id = first ? thread : "<notice.%s@%s>".formatted(notice.id(), domain);
    var mail = new IncidentMail(session, id);
    mail.setFrom(EmailTransport.address(channel.smtp().from()));
    var to = new InternetAddress[channel.to().size()];
    for (int i = 0; i < to.length; i++) {
      to[i] = EmailTransport.address(channel.to().get(i));
    }
    mail.setRecipients(Message.RecipientType.TO, to);
    mail.setSubject(MailText.subject(letter), "UTF-8");
    mail.setSentDate(Date.from(letter.now()));
    if (!first && notice.incident() != null) {
      mail.setHeader("In-Reply-To", thread);
      mail.setHeader("References", thread);
    }
    // Mail that a machine sends: no out-of-office answers, please (RFC 3834).
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.setText(MailText.body(letter), "UTF-8");
    mail.saveChanges();
    return mail;
  }

  @Override
  protected void updateMessageID() throws MessagingException {
    setHeader("Message-ID", id);
  }
}

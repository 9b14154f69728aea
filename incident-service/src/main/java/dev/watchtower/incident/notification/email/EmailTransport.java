package dev.watchtower.incident.notification.email;

import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.catalog.Notifications.Smtp;
import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.Letter;
import dev.watchtower.incident.notification.Transport;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * Sends mail over SMTP: one mail to all addresses of a channel. A refusal for good (5xx) of the
 * mail ends it, one of some addresses leaves the others, one of the login breaks the channel; all
 * else is tried again. A mail whose acceptance got lost is sent again with the same {@code
 * Message-ID}.
 */
final class EmailTransport implements Transport<Channel.Email> {
  private static final String CONNECT = Long.toString(Duration.ofSeconds(5).toMillis());
  private static final String ANSWER = Long.toString(Duration.ofSeconds(10).toMillis());

  @Override
  public Class<Channel.Email> type() {
    return Channel.Email.class;
  }

  @Override
  public Answer send(Channel.Email channel, Letter letter) {
    var smtp = channel.smtp();
    var session = Session.getInstance(properties(smtp));
    try {
      var mail = IncidentMail.of(session, channel, letter);
      var protocol = smtp.tls() == Smtp.Tls.TLS ? "smtps" : "smtp";
      var transport = (SMTPTransport) session.getTransport(protocol);
      try {
        var refused = connect(transport, smtp);
        if (refused.isPresent()) {
          return refused.get();
        }
        var missed = send(transport, mail);
        return new Answer.Sent(
            mail.getMessageID(),
            Optional.empty(),
            Duration.ZERO,
            missed.isEmpty() ? "" : "not " + missed);
      } finally {
        close(transport);
      }
    } catch (AddressException e) {
      return new Answer.Refused("the mail addresses cannot be used");
    } catch (MessagingException e) {
      return answer(e, true);
    }
  }

  // Whether the server hears that we leave changes nothing: what it took is taken.
  private static void close(SMTPTransport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      // The connection is closed all the same.
      return;
    }
  }

  // Why nothing can be sent, if there is no connection or the login failed.
  private static Optional<Answer> connect(SMTPTransport transport, Smtp smtp) {
    try {
      transport.connect(
          smtp.host(),
          smtp.port(),
          smtp.username().isEmpty() ? null : smtp.username(),
          smtp.username().isEmpty() ? null : smtp.password());
      return Optional.empty();
    } catch (AuthenticationFailedException e) {
      int code = transport.getLastReturnCode();
      return Optional.of(
          code < 0 || isTemporary(code)
              ? unavailable(Math.max(0, code), false)
              : new Answer.ChannelGone(
                  "the mail server refuses the login; check notifications.smtp in the catalog"));
    } catch (MessagingException e) {
      return Optional.of(answer(e, false));
    }
  }

  private static boolean isTemporary(int code) {
    return code >= 400 && code < 500;
  }

  /**
   * Sends to all, or if some are refused for good, to the others: one address that is gone must not
   * keep the rest from being told.
   *
   * @return who was refused, and how
   */
  private static String send(SMTPTransport transport, IncidentMail mail) throws MessagingException {
    var all = List.of(mail.getRecipients(Message.RecipientType.TO));
    try {
      transport.sendMessage(mail, all.toArray(Address[]::new));
      return "";
    } catch (SendFailedException e) {
      var refused = RefusedRecipients.of(e);
      var rest = all.stream().filter(a -> !refused.has(a)).toList();
      if (refused.isEmpty() || refused.isTemporary() || rest.isEmpty()) {
        throw e;
      }
      transport.sendMessage(mail, rest.toArray(Address[]::new));
      return refused.words();
    }
  }

  private static Answer answer(MessagingException failure, boolean isHandedOver) {
    // One that may be taken later: the mail as a whole waits, whoever else is refused for good.
    if (failure instanceof SendFailedException refused
        && RefusedRecipients.of(refused).isTemporary()) {
      return new Answer.Unavailable(
          "the mail server does not take it now: " + RefusedRecipients.of(refused).words(), false);
    }
    int code = codeOf(failure);
    return code >= 500
        ? new Answer.Refused("the mail server does not take the mail: " + code)
        : unavailable(code, isHandedOver && code == 0);
  }

  private static Answer unavailable(int code, boolean mayHaveArrived) {
    return new Answer.Unavailable(
        code > 0
            ? "the mail server answered " + code
            : "the mail server cannot be reached or did not answer in time",
        mayHaveArrived);
  }

  // The code of the server's answer; 0 if there was none. It hangs on one of the linked exceptions.
  private static int codeOf(MessagingException failure) {
    int code = 0;
    for (Exception e = failure; e != null; e = next(e)) {
      int found =
          switch (e) {
            case SMTPSendFailedException send -> send.getReturnCode();
            case SMTPAddressFailedException address -> address.getReturnCode();
            default -> 0;
          };
      code = Math.max(code, found);
    }
    return code;
  }

  private static @org.jspecify.annotations.Nullable Exception next(Exception e) {
    return e instanceof MessagingException m ? m.getNextException() : null;
  }

  private static Properties properties(Smtp smtp) {
    var all = new Properties();
    for (var protocol : new String[] {"smtp", "smtps"}) {
      var prefix = "mail." + protocol + ".";
      all.setProperty(prefix + "connectiontimeout", CONNECT);
      all.setProperty(prefix + "timeout", ANSWER);
      all.setProperty(prefix + "writetimeout", ANSWER);
      all.setProperty(prefix + "ssl.checkserveridentity", "true");
      all.setProperty(prefix + "auth", Boolean.toString(!smtp.username().isEmpty()));
      // All addresses or none: a mail that is tried again must not reach some twice.
      all.setProperty(prefix + "sendpartial", "false");
      all.setProperty(prefix + "quitwait", "false");
    }
    boolean starttls = smtp.tls() == Smtp.Tls.STARTTLS;
    all.setProperty("mail.smtp.starttls.enable", Boolean.toString(starttls));
    all.setProperty("mail.smtp.starttls.required", Boolean.toString(starttls));
    all.setProperty("mail.smtp.localhost", domainOf(smtp.from()));
    return all;
  }

  /** What stands behind the at sign. */
  static String domainOf(String address) {
    return address.substring(address.indexOf('@') + 1);
  }

  /** The addresses, checked. */
  static InternetAddress address(String text) throws AddressException {
    return new InternetAddress(text, true);
  }
}

package dev.watchtower.incident.notification.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.catalog.Notifications.Smtp;
import dev.watchtower.common.catalog.Notifications.Updates;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.SmtpStandIn;
import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.IncidentCard;
import dev.watchtower.incident.notification.Letter;
import dev.watchtower.incident.notification.Notice;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a mail server that we did not write. */
class EmailTransportTest {
  private static final GreenMail SERVER =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private static final SmtpStandIn MISBEHAVING = new SmtpStandIn();
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");
  private static final UUID INCIDENT = UUID.fromString("00000000-0000-0000-0000-000000000007");

  private final EmailTransport transport = new EmailTransport();

  @BeforeAll
  static void start() {
    SERVER.start();
    SERVER.setUser("watch@example.org", "watch", "right");
  }

  @AfterAll
  static void stop() {
    SERVER.stop();
  }

  private static Channel.Email channel(int port, String user, String password, Smtp.Tls tls) {
    return new Channel.Email(
        "mail",
        new Smtp("127.0.0.1", port, user, password, tls, "watch@example.org"),
        List.of("ann@example.org", "bob@example.org"),
        Updates.STATES);
  }

  private static Channel.Email channel() {
    return channel(SERVER.getSmtp().getPort(), "", "", Smtp.Tls.NONE);
  }

  private static Letter letter(Notice.Kind kind, String title) {
    var card =
        new IncidentCard(
            7,
            title,
            IncidentState.OPEN,
            Severity.SEV1,
            "checkout",
            "prod",
            AT,
            List.of("Too many requests fail (0.3, limit 0.05)"),
            "inventory: error_rate",
            "",
            null,
            null,
            IncidentCard.End.USUAL,
            "https://watch.example/incidents/7");
    var notice =
        new Notice(
            UUID.randomUUID(),
            1,
            INCIDENT,
            7,
            "mail",
            kind,
            "opened",
            Notice.State.SENDING,
            null,
            null,
            1,
            AT,
            null,
            null,
            null,
            false);
    return new Letter(notice, Optional.of(card), Optional.empty(), AT);
  }

  @Test
  void aMailSaysWhatIsWrongWhereAndWhereToGo()
      throws MessagingException, IOException, FolderException {
    SERVER.purgeEmailFromAllMailboxes();

    assertThat(transport.send(channel(), letter(Notice.Kind.OPENED, "Zu viele Fehler – ähem")))
        .isInstanceOf(Answer.Sent.class);

    var mails = SERVER.getReceivedMessages();
    assertThat(mails).hasSize(2);
    var mail = mails[0];
    assertThat(mail.getSubject())
        .isEqualTo("[SEV1] OPEN: #7 checkout (prod) Zu viele Fehler – ähem");
    assertThat(mail.getMessageID()).isEqualTo("<incident." + INCIDENT + ".mail@example.org>");
    assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(mail.getContent().toString())
        .contains("Zu viele Fehler – ähem", "Too many requests fail", "inventory: error_rate")
        .contains("https://watch.example/incidents/7");
  }

  @Test
  void noHeaderCanBeSmuggledInByTelemetry() throws MessagingException, FolderException {
    SERVER.purgeEmailFromAllMailboxes();
    var evil = "x\r\nBcc: eve@example.org\r\n\r\nbody\u2028Cc: eve@example.org\u0000";

    assertThat(transport.send(channel(), letter(Notice.Kind.RESOLVED, evil)))
        .isInstanceOf(Answer.Sent.class);

    var mails = SERVER.getReceivedMessages();
    assertThat(mails).hasSize(2);
    assertThat(mails[0].getHeader("Bcc")).isNull();
    assertThat(mails[0].getHeader("Cc")).isNull();
    assertThat(mails[0].getSubject()).contains("x Bcc: eve@example.org body Cc:");
    assertThat(GreenMailUtil.getBody(mails[0]).lines())
        .noneMatch(l -> l.startsWith("Bcc") || l.startsWith("Cc"));
  }

  @Test
  void aSubjectThatIsTooLongIsCut() {
    var subject = MailText.subject(letter(Notice.Kind.ESCALATION, "😀".repeat(5_000)));

    assertThat(subject).hasSizeLessThanOrEqualTo(180).endsWith("…");
  }

  private static void hasNotArrived(Answer answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Unavailable.class, u -> assertThat(u.mayHaveArrived()).as(u.reason()).isFalse());
  }

  @Test
  void onlyAMailThatWasHandedOverAndNotAnsweredMayHaveArrived() {
    var letter = letter(Notice.Kind.OPENED, "handed-over");
    var channel = channel(MISBEHAVING.port(), "", "", Smtp.Tls.NONE);
    for (var line : List.of("451 try later", "421 shutting down")) {
      MISBEHAVING.fail(new SmtpStandIn.Fault.Answer(line));
      assertThat(transport.send(channel, letter))
          .as(line)
          .satisfies(EmailTransportTest::hasNotArrived);
    }
    MISBEHAVING.fail(new SmtpStandIn.Fault.Recipient("ann@", "450 busy"));
    assertThat(transport.send(channel, letter)).satisfies(EmailTransportTest::hasNotArrived);

    for (var lost : List.of(new SmtpStandIn.Fault.Reset(), new SmtpStandIn.Fault.LostAnswer())) {
      MISBEHAVING.fail(lost);
      assertThat(transport.send(channel, letter))
          .isInstanceOfSatisfying(
              Answer.Unavailable.class,
              u -> assertThat(u.mayHaveArrived()).as(lost.toString()).isTrue());
    }
    assertThat(MISBEHAVING.takenWith("handed-over")).hasSize(1);
  }

  @Test
  void aMailThatWasTakenIsSentThoughTheServerHangsUpBeforeWeSayGoodbye() {
    var channel = channel(MISBEHAVING.port(), "", "", Smtp.Tls.NONE);
    // Which of the two comes first is a race; most often the server does.
    for (int i = 0; i < 20; i++) {
      MISBEHAVING.fail(new SmtpStandIn.Fault.Hasty());

      assertThat(transport.send(channel, letter(Notice.Kind.OPENED, "hasty")))
          .isInstanceOf(Answer.Sent.class);
    }
    assertThat(MISBEHAVING.takenWith("hasty")).hasSize(20);
  }

  private static Channel.Email misbehaving(SmtpStandIn server, String user) {
    return channel(server.port(), user, user, Smtp.Tls.NONE);
  }

  @Test
  void aLoginThatIsRefusedForTheMomentIsTriedAgain() {
    var letter = letter(Notice.Kind.OPENED, "t");

    for (var answer : List.of("454 4.7.0 try later", "421 shutting down", "")) {
      MISBEHAVING.fail(new SmtpStandIn.Fault.Login(answer));
      assertThat(transport.send(misbehaving(MISBEHAVING, "watch"), letter))
          .as(answer)
          .satisfies(EmailTransportTest::hasNotArrived);
    }
    MISBEHAVING.fail(new SmtpStandIn.Fault.Login("535 5.7.8 no"));
    assertThat(transport.send(misbehaving(MISBEHAVING, "watch"), letter))
        .isInstanceOf(Answer.ChannelGone.class);
  }

  @Test
  void whileOneAddressIsRefusedForTheMomentAllWaitWhoeverIsRefusedForGood() {
    MISBEHAVING.fail(
        new SmtpStandIn.Fault.Recipient("bob@", "550 no such user"),
        new SmtpStandIn.Fault.Recipient("cid@", "450 busy"));
    var channel =
        new Channel.Email(
            "mail",
            new Smtp("127.0.0.1", MISBEHAVING.port(), "", "", Smtp.Tls.NONE, "watch@example.org"),
            List.of("ann@example.org", "bob@example.org", "cid@example.org"),
            Updates.STATES);

    assertThat(transport.send(channel, letter(Notice.Kind.OPENED, "several-refused")))
        .satisfies(EmailTransportTest::hasNotArrived);

    assertThat(MISBEHAVING.isHealthy()).isTrue();
    assertThat(MISBEHAVING.takenWith("several-refused")).isEmpty();
  }

  @Test
  void aLoginThatIsRefusedBreaksTheChannelAndAServerThatIsAwayDoesNot() throws IOException {
    int port = SERVER.getSmtp().getPort();
    var letter = letter(Notice.Kind.OPENED, "t");

    assertThat(transport.send(channel(port, "watch", "wrong", Smtp.Tls.NONE), letter))
        .isInstanceOf(Answer.ChannelGone.class);
    assertThat(transport.send(channel(port, "watch", "right", Smtp.Tls.NONE), letter))
        .isInstanceOf(Answer.Sent.class);
    // The server offers no STARTTLS: nothing is sent in the clear.
    assertThat(transport.send(channel(port, "", "", Smtp.Tls.STARTTLS), letter))
        .satisfies(EmailTransportTest::hasNotArrived);
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(transport.send(channel(free, "", "", Smtp.Tls.NONE), letter))
        .satisfies(EmailTransportTest::hasNotArrived);
  }
}

package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.catalog.Notifications.Smtp;
import dev.watchtower.common.catalog.Notifications.Updates;
import dev.watchtower.incident.notification.Notices.Fault;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTest {
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");

  private static Channel mail(String password, Smtp.Tls tls) {
    var smtp = new Smtp("mail.example", 587, "watch", password, tls, "watch@example.org");
    return new Channel.Email("mail", smtp, List.of("ann@example.org"), Updates.STATES);
  }

  private static Channel hook(String url, String secret) {
    return new Channel.Webhook("hook", url, secret, Updates.ALL);
  }

  @Test
  void whateverIsCorrectedAtAChannelMendsIt() {
    var mail = Fault.of(mail("wrong", Smtp.Tls.TLS), "refused", AT);
    var hook = Fault.of(hook("https://a.example", "old"), "401", AT);

    assertThat(mail.isOf(mail("wrong", Smtp.Tls.TLS))).isTrue();
    assertThat(mail.isOf(mail("right", Smtp.Tls.TLS))).isFalse();
    assertThat(mail.isOf(mail("wrong", Smtp.Tls.STARTTLS))).isFalse();
    assertThat(hook.isOf(hook("https://a.example", "old"))).isTrue();
    assertThat(hook.isOf(hook("https://a.example", "new"))).isFalse();
    assertThat(hook.isOf(hook("https://b.example", "old"))).isFalse();
  }

  @Test
  void theSameChannelIsKeptAsAnotherTextEachTimeAndNeverAsItIs() {
    var channel = hook("https://a.example", "s3cret");
    var one = Fault.of(channel, "401", AT);

    assertThat(one.access()).isNotEqualTo(Fault.of(channel, "401", AT).access());
    assertThat(one.access()).doesNotContain("s3cret").doesNotContain("a.example");
    assertThat(new Fault("0".repeat(64), "of an older version", AT).isOf(channel)).isFalse();
  }
}

package dev.watchtower.monitor.probe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.monitor.StubPeer;
import dev.watchtower.monitor.probe.Check;
import dev.watchtower.monitor.probe.Damping;
import dev.watchtower.monitor.probe.ProbeResult;
import dev.watchtower.monitor.probe.Target;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class NetworkProberTest {
  private final StubPeer peer = new StubPeer();
  private final NetworkProber prober =
      new NetworkProber(JsonMapper.builder().build(), () -> new ProbeResult.Answered(0));

  @AfterEach
  void nobodyAnswersAnyMore() {
    peer.down();
  }

  private ProbeResult check(String answer) throws InterruptedException {
    peer.answer(_ -> new StubPeer.Reply(503, answer, null));
    return prober.check(
        new Target(
            "shop",
            Target.Kind.TARGET,
            "shop",
            "prod",
            Severity.SEV2,
            new Check.Http(URI.create(peer.url()), 200),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            new Damping(3, 2)));
  }

  @Test
  void saysWhichComponentIsNotUp() throws InterruptedException {
    assertThat(check("{\"components\":{\"db\":{\"status\":\"DOWN\"}}}"))
        .isEqualTo(new ProbeResult.Failed("status 503: db is DOWN"));
    assertThat(check("no JSON")).isEqualTo(new ProbeResult.Failed("status 503"));
  }

  @Test
  void takesNothingFromTheOtherSideThatCouldNotBeStored() throws InterruptedException {
    assertThat(check("{\"components\":{\"d\\u0000b\":{\"status\":\"DO\\ud83dWN\"}}}"))
        .isEqualTo(new ProbeResult.Failed("status 503: d\uFFFDb is DO\uFFFDWN"));
    var reason =
        ((ProbeResult.Failed)
                check("{\"components\":{\"" + "😀".repeat(9_000) + "\":{\"status\":\"DOWN\"}}}"))
            .reason();
    assertThat(reason).hasSizeBetween(199, 200).startsWith("status 503: 😀").endsWith("😀…");
  }
}

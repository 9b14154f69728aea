package dev.watchtower.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FingerprintsTest {
  @Test
  void theSameNameOfASenderIsAnotherThingOnAnotherServiceOrInAnotherEnvironment() {
    var one = Fingerprints.of("machine:cron", "prod", "checkout", "disk-full");

    assertThat(one).isEqualTo("machine:cron/prod/checkout/disk-full");
    assertThat(Fingerprints.of("machine:cron", "prod", "orders", "disk-full")).isNotEqualTo(one);
    assertThat(Fingerprints.of("machine:cron", "test", "checkout", "disk-full")).isNotEqualTo(one);
    assertThat(Fingerprints.sender(one)).contains("machine:cron");
    assertThat(Fingerprints.isForeign(one)).isTrue();
  }

  @Test
  void aSlashInANameIsNoEndOfIt() {
    assertThat(Fingerprints.of("machine:cron", "prod", "shop/checkout", "disk"))
        .isNotEqualTo(Fingerprints.of("machine:cron", "prod", "shop", "checkout/disk"));
    assertThat(Fingerprints.of("machine:cron", "prod", "shop%2Fcheckout", "disk"))
        .isNotEqualTo(Fingerprints.of("machine:cron", "prod", "shop/checkout", "disk"));
  }

  @Test
  void whatHadNoServiceInItIsKnown() {
    var now = Fingerprints.of("machine:cron", "prod", "shop/checkout", "backup/a/b");

    assertThat(Fingerprints.formerly(now)).contains("machine:cron/backup/a/b");
    assertThat(Fingerprints.formerly(Fingerprints.ofAlertmanager("a/b/c/d"))).isEmpty();
    assertThat(Fingerprints.formerly("0123456789abcdef")).isEmpty();
  }
}

package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.storage.ChunkArchive.Partition;
import dev.watchtower.ingest.storage.Retention.Doomed;
import dev.watchtower.ingest.storage.Retention.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final long DAY = 86_400_000L;
  private static final long NOW = 100 * DAY + 2 * 3_600_000L;
  private static final Duration SETTLED = StorageSettings.defaults().settled();

  @Test
  void dropsWhatIsWhollyOlderThanItsTierIsKept() {
    var retention = kept(0);

    assertThat(
            retention.decide(
                List.of(
                    part(Tier.RAW, 97, 10),
                    part(Tier.RAW, 98, 10),
                    part(Tier.MINUTE, 97, 10),
                    part(Tier.MINUTE, 80, 10)),
                NOW,
                SETTLED))
        .containsExactly(
            new Doomed(part(Tier.RAW, 97, 10), Reason.AGE),
            new Doomed(part(Tier.MINUTE, 80, 10), Reason.AGE));
  }

  @Test
  void makesRoomFromTheOldestSamplesToTheOldestHoursAndLeavesToday() {
    var all =
        List.of(
            part(Tier.RAW, 100, 50),
            part(Tier.RAW, 99, 50),
            part(Tier.RAW, 98, 50),
            part(Tier.MINUTE, 100, 20),
            part(Tier.MINUTE, 99, 20),
            part(Tier.HOUR, 64, 5));

    assertThat(kept(195).decide(all, NOW, SETTLED)).isEmpty();
    assertThat(kept(194).decide(all, NOW, SETTLED))
        .containsExactly(new Doomed(part(Tier.RAW, 98, 50), Reason.SIZE));
    assertThat(kept(1).decide(all, NOW, SETTLED))
        .extracting(Doomed::partition)
        .containsExactly(
            part(Tier.RAW, 98, 50),
            part(Tier.RAW, 99, 50),
            part(Tier.MINUTE, 99, 20),
            part(Tier.HOUR, 64, 5));
  }

  @Test
  void leavesWhatHasJustEndedSinceSomeOfItMayNotBeSealed() {
    var yesterday = List.of(part(Tier.RAW, 99, 50));

    assertThat(kept(1).decide(yesterday, NOW - 1, SETTLED)).isEmpty();
    assertThat(kept(1).decide(yesterday, NOW, SETTLED)).hasSize(1);
    var all = List.of(part(Tier.RAW, 99, 50), part(Tier.MINUTE, 98, 20));
    assertThat(kept(20).decide(all, NOW - 1, SETTLED)).as("nothing goes in its place").isEmpty();
  }

  @Test
  void keepsWhatIsCoarserAtLeastAsLong() {
    assertThatThrownBy(
            () -> new Retention(Duration.ofDays(2), Duration.ofDays(1), Duration.ofDays(3), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Retention kept(long maxBytes) {
    return new Retention(Duration.ofDays(2), Duration.ofDays(10), Duration.ofDays(90), maxBytes);
  }

  private static Partition part(Tier tier, long day, long bytes) {
    return new Partition(tier, day * DAY, day * DAY + tier.partitionMillis(), bytes);
  }
}

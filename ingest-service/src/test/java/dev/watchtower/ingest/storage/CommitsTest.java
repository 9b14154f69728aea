package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Times are seconds. */
class CommitsTest {
  private long now;
  private final Commits commits = new Commits(() -> now * 1_000_000_000);

  @Test
  void hangWhereNoneOfThoseThatWaitHasAnAnswerForLong() {
    now = 100;
    commits.waits();
    now += 2;
    commits.waits();
    assertThat(commits.isStuck()).isFalse();
    now += 1;
    assertThat(commits.isStuck()).isTrue();

    commits.answered();
    assertThat(commits.isStuck()).as("one had an answer").isFalse();
    now += 3;
    assertThat(commits.isStuck()).isTrue();
    commits.answered();
    now += 60;
    assertThat(commits.isStuck()).as("nobody waits").isFalse();
  }

  @Test
  void failWhereNothingIsStoredForSeconds() {
    now = 100;
    commits.failed();
    now += 4;
    commits.failed();
    assertThat(commits.isFailing()).as("may be a restart").isFalse();
    now += 1;
    assertThat(commits.isFailing()).as("nothing was tried since").isFalse();
    commits.failed();
    assertThat(commits.isFailing()).isTrue();

    commits.stored();
    assertThat(commits.isFailing()).isFalse();
    commits.failed();
    assertThat(commits.isFailing()).as("the first after one that was stored").isFalse();
    now += 50;
    assertThat(commits.isFailing()).as("one alone").isFalse();
    commits.failed();
    assertThat(commits.isFailing()).isTrue();
    now += 61;
    assertThat(commits.isFailing()).as("nobody has tried for a minute").isFalse();
    commits.failed();
    assertThat(commits.isFailing()).isFalse();
  }
}

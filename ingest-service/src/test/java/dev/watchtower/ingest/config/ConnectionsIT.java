package dev.watchtower.ingest.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What PostgreSQL is told of who is connected to it. */
class ConnectionsIT extends IngestContext {
  @Autowired JdbcClient jdbc;

  @Test
  void aClientThatIsGoneOrStandsStillIsNoticedSoon() {
    assertThat(
            List.of(
                show("tcp_keepalives_idle"),
                show("tcp_keepalives_interval"),
                show("tcp_keepalives_count"),
                show("idle_in_transaction_session_timeout"),
                show("lock_timeout"),
                show("statement_timeout"),
                show("search_path")))
        .containsExactly("10", "5", "3", "1min", "20s", "2min", "ingest");
  }

  @Test
  void aCommitWaitsForTheDiskThoughTheServerIsSetUpOtherwise() {
    assertThat(
            jdbc.sql("select reset_val from pg_settings where name = 'synchronous_commit'")
                .query(String.class)
                .single())
        .as("else this test shows nothing")
        .isEqualTo("off");

    assertThat(show("synchronous_commit")).isEqualTo("on");
  }

  private String show(String setting) {
    return jdbc.sql("show " + setting).query(String.class).single();
  }
}

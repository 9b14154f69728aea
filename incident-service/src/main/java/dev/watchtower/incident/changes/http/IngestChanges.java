package dev.watchtower.incident.changes.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.incident.changes.ChangeWatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;

/** {@code GET /api/v1/events} of the peer {@code ingest}, a few pages at most. */
public final class IngestChanges implements ChangeWatch.Source {
  private static final ParameterizedTypeReference<PageOf<ChangeEvent>> PAGE =
      new ParameterizedTypeReference<>() {};
  private static final int LIMIT = 500;
  private static final int MAX_PAGES = 4;

  private final Peers peers;

  /** Events of the peer {@code ingest}. */
  public IngestChanges(Peers peers) {
    this.peers = peers;
  }

  @Override
  public List<ChangeEvent> events(String env, Instant from, Instant to) {
    var events = new ArrayList<ChangeEvent>();
    String next = null;
    for (int i = 0; i < MAX_PAGES; i++) {
      var page = page(env, from, to, next);
      if (page == null || page.items() == null) {
        break;
      }
      events.addAll(page.items());
      next = page.next();
      if (next == null) {
        break;
      }
    }
    return events;
  }

  private @Nullable PageOf<ChangeEvent> page(
      String env, Instant from, Instant to, @Nullable String page) {
    var uri = "/api/v1/events?env={env}&from={from}&to={to}&limit={limit}";
    var client = peers.client("ingest");
    return (page == null
            ? client.get().uri(uri, env, from, to, LIMIT)
            : client.get().uri(uri + "&page={page}", env, from, to, LIMIT, page))
        .retrieve()
        .body(PAGE);
  }
}

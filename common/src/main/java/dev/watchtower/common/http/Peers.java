package dev.watchtower.common.http;

import dev.watchtower.common.security.ServiceTokens;
import dev.watchtower.common.web.TraceContext;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * HTTP clients for the other services: base address from {@code watchtower.peers}, connect limit 1
 * s, read limit 5 s unless asked otherwise, this service's token and the trace context on every
 * call. Safe for use by several threads.
 */
public final class Peers {
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration READ = Duration.ofSeconds(5);

  private record Key(String peer, Duration read) {}

  private final Map<String, String> urls;
  private final ServiceTokens tokens;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final Map<Key, RestClient> clients = new ConcurrentHashMap<>();

  /** Clients for the peers at {@code urls}, by name. */
  public Peers(Map<String, String> urls, ServiceTokens tokens) {
    this.urls = Map.copyOf(urls);
    this.tokens = tokens;
  }

  /**
   * The client for {@code peer}: monitor, ingest, incident, analysis, chaos or supervisor. It
   * throws {@link org.springframework.web.client.RestClientException} for error answers, redirects,
   * time-outs and refused connections.
   */
  public RestClient client(String peer) {
    return client(peer, READ);
  }

  /** The same with another read limit. */
  public RestClient client(String peer, Duration read) {
    return clients.computeIfAbsent(new Key(peer, read), this::build);
  }

  /**
   * The base address of {@code peer}, without a slash at the end.
   *
   * @throws IllegalArgumentException if there is no such peer
   */
  public String url(String peer) {
    var url = urls.get(peer);
    if (url == null) {
      throw new IllegalArgumentException(
          "no address for '" + peer + "': set watchtower.peers." + peer);
    }
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  private RestClient build(Key key) {
    var factory = new JdkClientHttpRequestFactory(http);
    factory.setReadTimeout(key.read());
    return Redirects.refusedBy(RestClient.builder())
        .baseUrl(url(key.peer()))
        .requestFactory(factory)
        .requestInterceptor((request, body, execution) -> {
          if (!request.getHeaders().containsHeader("Authorization")) {
            request.getHeaders().setBearerAuth(tokens.tokenFor(key.peer()));
          }
          request
              .getHeaders()
              .set(
                  "traceparent",
                  TraceContext.current().orElseGet(TraceContext::fresh).traceparent());
          return execution.execute(request, body);
        })
        .build();
  }
}

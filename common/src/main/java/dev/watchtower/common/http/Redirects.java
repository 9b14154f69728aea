package dev.watchtower.common.http;

import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;

/**
 * Redirects of services that we call. They are not followed, and by itself a client takes one for
 * success: what was sent would count as delivered, though a proxy only said to send it elsewhere.
 */
public final class Redirects {
  private Redirects() {}

  /** Has the client throw {@link RestClientResponseException} for a redirect, as for an error. */
  public static RestClient.Builder refusedBy(RestClient.Builder client) {
    return client.defaultStatusHandler(
        HttpStatusCode::is3xxRedirection,
        (request, response) -> {
          throw new RestClientResponseException(
              "HTTP " + response.getStatusCode().value() + ", a redirect, which is not followed",
              response.getStatusCode(),
              response.getStatusText(),
              response.getHeaders(),
              new byte[0],
              StandardCharsets.UTF_8);
        });
  }
}

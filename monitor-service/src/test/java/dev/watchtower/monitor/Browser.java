package dev.watchtower.monitor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A browser with its cookies; follows no redirects. */
public final class Browser {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String base;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient http;
  private @Nullable String bearer;
  private @Nullable String forwardedFor;

  public Browser(String base) {
    this(base, null);
  }

  /** A browser whose requests come from {@code from}, an address of this machine. */
  public Browser(String base, @Nullable InetAddress from) {
    this.base = base;
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(cookies)
            .connectTimeout(Duration.ofSeconds(2));
    if (from != null) {
      builder.localAddress(from);
    }
    this.http = builder.build();
  }

  /** Has every request say for whom it is sent and that it came over https, as a proxy does. */
  public Browser forwardedFor(String addresses) {
    forwardedFor = addresses;
    return this;
  }

  public Browser withToken(String token) {
    bearer = token;
    return this;
  }

  public HttpResponse<String> page(String path) {
    return send("GET", path, "text/html,application/xhtml+xml", null, null, true);
  }

  public HttpResponse<String> any(String path) {
    return send("GET", path, "*/*", null, null, true);
  }

  public HttpResponse<String> get(String path) {
    return send("GET", path, "application/json", null, null, true);
  }

  public JsonNode json(String path) {
    return JSON.readTree(get(path).body());
  }

  public static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  public HttpResponse<String> call(String method, String path, @Nullable Object body) {
    return send(
        method,
        path,
        "application/json",
        "application/json",
        body == null ? "" : JSON.writeValueAsString(body),
        true);
  }

  public HttpResponse<String> callWithoutCsrf(String method, String path, Object body) {
    return send(
        method, path, "application/json", "application/json", JSON.writeValueAsString(body), false);
  }

  /** Sends text as JSON and says that a page would do, as no program should. */
  public HttpResponse<String> postForAPage(String path, String json) {
    return send("POST", path, "text/html", "application/json", json, true);
  }

  public HttpResponse<String> form(String path, Map<String, String> fields) {
    var text =
        fields.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send("POST", path, "text/html", "application/x-www-form-urlencoded", text, false);
  }

  /** Opens the login page, then sends the form as the page has it. */
  public HttpResponse<String> login(String name, String password) {
    var form = page("/login");
    return form(
        "/login", Map.of("username", name, "password", password, "_csrf", csrfField(form.body())));
  }

  /** The hidden field that the server put into a form. */
  public static String csrfField(String html) {
    var at = html.indexOf("name=\"_csrf\"");
    var value = html.indexOf("value=\"", at) + "value=\"".length();
    return html.substring(value, html.indexOf('"', value));
  }

  public Optional<String> cookie(String name) {
    return cookies.getCookieStore().getCookies().stream()
        .filter(c -> c.getName().equals(name))
        .map(HttpCookie::getValue)
        .findFirst();
  }

  private HttpResponse<String> send(
      String method,
      String path,
      String accept,
      @Nullable String type,
      @Nullable String body,
      boolean csrf) {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(20))
            .header("Accept", accept)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (type != null) {
      request.header("Content-Type", type);
    }
    if (forwardedFor != null) {
      request.header("X-Forwarded-For", forwardedFor).header("X-Forwarded-Proto", "https");
    }
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    } else if (csrf) {
      cookie("XSRF-TOKEN").ifPresent(t -> request.header("X-XSRF-TOKEN", t));
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

package dev.watchtower.monitor.dashboard.web;

import dev.watchtower.monitor.config.HtmlRequests;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** The dashboard is one page for many addresses, and files that carry their hash in the name. */
@Configuration(proxyBeanMethods = false)
class DashboardPages implements WebMvcConfigurer {
  private static final List<String> ADDRESSES =
      List.of(
          "/",
          "/services/**",
          "/incidents/*",
          "/incidents/*/postmortem",
          "/on-call",
          "/silences",
          "/action-items",
          "/measures",
          "/audit",
          "/chaos",
          "/remediations",
          "/notifications",
          "/logs/*",
          "/admin",
          "/account",
          "/slos",
          "/rules",
          "/drills");
  private static final String NOT_BUILT =
      """
      <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Watchtower</title>
      <link rel="stylesheet" href="/pages/pages.css"></head><body class="card-page"><main class="card">
      <h1>The dashboard was not built</h1>
      <p>This monitor-service was built with -Dskip.frontend. Build it without, and restart it.</p>
      <p class="aside"><a href="/status">Status page</a></p></main></body></html>
      """;

  /**
   * Before the controllers, because {@code /incidents} is JSON to everybody but a browser. All
   * other addresses are pages alone, to whoever takes pages or anything.
   */
  @Bean
  RouterFunction<ServerResponse> dashboardPage() {
    var index = new ClassPathResource("static/index.html");
    var routes = RouterFunctions.route();
    HandlerFunction<ServerResponse> page =
        _ ->
            index.exists()
                ? ServerResponse.ok()
                    .contentType(MediaType.TEXT_HTML)
                    .cacheControl(CacheControl.noCache())
                    .body(index)
                : ServerResponse.status(503).contentType(MediaType.TEXT_HTML).body(NOT_BUILT);
    routes.GET("/incidents", request -> HtmlRequests.wantsPage(request.servletRequest()), page);
    for (var address : ADDRESSES) {
      routes.GET(address, RequestPredicates.accept(MediaType.TEXT_HTML), page);
    }
    return routes.build();
  }

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    registry
        .addResourceHandler("/assets/**")
        .addResourceLocations("classpath:/static/assets/")
        .setCacheControl(CacheControl.maxAge(Duration.ofDays(365)).immutable());
    registry
        .addResourceHandler("/pages/**")
        .addResourceLocations("classpath:/pages/")
        .setCacheControl(CacheControl.maxAge(Duration.ofMinutes(10)));
    registry
        .addResourceHandler("/favicon.svg", "/theme.js")
        .addResourceLocations("classpath:/static/")
        .setCacheControl(CacheControl.maxAge(Duration.ofMinutes(10)));
  }
}

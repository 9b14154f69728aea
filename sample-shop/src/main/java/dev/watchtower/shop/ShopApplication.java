package dev.watchtower.shop;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * Starts one process of the shop. {@code --shop.role} (or {@code SHOP_ROLE}) says which:
 * storefront, checkout, inventory or traffic.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ShopApplication {
  private static final String OPTION = "--shop.role=";
  private static final List<String> ROLES =
      List.of("storefront", "checkout", "inventory", "traffic");

  /** Starts the process. */
  public static void main(String[] args) {
    var role = roleOf(args, Optional.ofNullable(System.getenv("SHOP_ROLE")));
    if (role.isEmpty()) {
      System.err.println(
          "Say which part of the shop to start: " + OPTION + String.join("|", ROLES));
      System.exit(2);
      return;
    }
    new SpringApplicationBuilder(ShopApplication.class).profiles(role.get()).run(args);
  }

  static Optional<String> roleOf(String[] args, Optional<String> environment) {
    return Stream.of(args)
        .filter(a -> a.startsWith(OPTION))
        .map(a -> a.substring(OPTION.length()))
        .findFirst()
        .or(() -> environment)
        .filter(ROLES::contains);
  }

  /**
   * The client for the next service down the line: instrumented, with the time limits of the
   * configuration.
   */
  @Bean
  RestClient restClient(RestClient.Builder builder, ShopProperties shop) {
    var http =
        java.net.http.HttpClient.newBuilder()
            .version(java.net.http.HttpClient.Version.HTTP_1_1)
            .connectTimeout(shop.connectTimeout())
            .build();
    var factory = new JdkClientHttpRequestFactory(http);
    factory.setReadTimeout(shop.readTimeout());
    return builder.requestFactory(factory).build();
  }
}

package dev.watchtower.shop.storefront;

import dev.watchtower.shop.Order;
import dev.watchtower.shop.ShopProperties;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Profile;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** What customers see. */
@RestController
@Profile("storefront")
class StorefrontController {
  record Product(String sku, String name, int cents) {}

  private static final List<Product> PRODUCTS =
      List.of(
          new Product("lamp", "Desk lamp", 3900),
          new Product("mug", "Mug", 1200),
          new Product("chair", "Chair", 12900),
          new Product("desk", "Desk", 24900),
          new Product("plant", "Plant", 1900),
          new Product("clock", "Clock", 4500));

  private final RestClient http;
  private final ShopProperties shop;

  StorefrontController(RestClient http, ShopProperties shop) {
    this.http = http;
    this.shop = shop;
  }

  @GetMapping("/products")
  List<Product> products() {
    return PRODUCTS;
  }

  @PostMapping("/orders")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, Object> order(@RequestBody Order order) {
    var answer =
        http.post()
            .uri(shop.checkout() + "/checkout")
            .contentType(MediaType.APPLICATION_JSON)
            .body(order)
            .retrieve()
            .body(new ParameterizedTypeReference<Map<String, Object>>() {});
    return answer == null ? Map.of() : answer;
  }
}

package dev.watchtower.shop.checkout;

import dev.watchtower.shop.Order;
import dev.watchtower.shop.ShopProperties;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** Turns an order into a reservation. */
@RestController
@Profile("checkout")
class CheckoutController {
  private final RestClient http;
  private final ShopProperties shop;

  CheckoutController(RestClient http, ShopProperties shop) {
    this.http = http;
    this.shop = shop;
  }

  @PostMapping("/checkout")
  Map<String, Object> checkout(@RequestBody Order order) {
    http.post()
        .uri(shop.inventory() + "/reservations")
        .contentType(MediaType.APPLICATION_JSON)
        .body(order)
        .retrieve()
        .toBodilessEntity();
    return Map.of("order", UUID.randomUUID(), "sku", order.sku(), "quantity", order.quantity());
  }
}

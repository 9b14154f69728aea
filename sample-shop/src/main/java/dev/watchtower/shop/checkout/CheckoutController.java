package dev.watchtower.shop.checkout;

import dev.watchtower.shop.Order;
import dev.watchtower.shop.ShopProperties;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
  private static final Logger LOG = LoggerFactory.getLogger(CheckoutController.class);

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
    var id = UUID.randomUUID();
    LOG.atInfo()
        .addKeyValue("order", id)
        .addKeyValue("sku", order.sku())
        .addKeyValue("quantity", order.quantity())
        .log("order placed");
    return Map.of("order", id, "sku", order.sku(), "quantity", order.quantity());
  }
}

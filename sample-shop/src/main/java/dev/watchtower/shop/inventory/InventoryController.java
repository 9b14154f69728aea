package dev.watchtower.shop.inventory;

import dev.watchtower.shop.Order;
import java.util.Map;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Stock of the shop's products. */
@RestController
@Profile("inventory")
class InventoryController {
  private final JdbcClient jdbc;

  InventoryController(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Takes from the stock. What runs low is delivered anew in the same breath: the shop never
   * closes.
   */
  @PostMapping("/reservations")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, Object> reserve(@RequestBody Order order) {
    var left =
        jdbc.sql(
                """
                update stock
                set quantity = case when quantity < 100 then quantity + 1000 else quantity end - :quantity,
                    reserved = reserved + :quantity
                where sku = :sku
                returning quantity
                """)
            .param("sku", order.sku())
            .param("quantity", order.quantity())
            .query(Integer.class)
            .optional()
            .orElseThrow(() -> unknown(order.sku()));
    return Map.of("sku", order.sku(), "left", left);
  }

  @GetMapping("/stock/{sku}")
  Map<String, Object> stock(@PathVariable String sku) {
    if (!Order.SKU.matcher(sku).matches()) {
      throw unknown(sku);
    }
    var quantity =
        jdbc.sql("select quantity from stock where sku = :sku")
            .param("sku", sku)
            .query(Integer.class)
            .optional()
            .orElseThrow(() -> unknown(sku));
    return Map.of("sku", sku, "quantity", quantity);
  }

  private static ResponseStatusException unknown(String sku) {
    return new ResponseStatusException(HttpStatus.NOT_FOUND, "no such product: " + sku);
  }
}

package dev.watchtower.shop;

import java.util.regex.Pattern;

/**
 * What a customer wants.
 *
 * @param sku the product
 * @param quantity how many, 1 to 20
 */
public record Order(String sku, int quantity) {
  /** What the number of a product may look like. */
  public static final Pattern SKU = Pattern.compile("[A-Za-z0-9._-]{1,40}");

  public Order {
    if (sku == null || !SKU.matcher(sku).matches()) {
      throw new IllegalArgumentException("sku: expected letters, digits, . _ or -, at most 40");
    }
    if (quantity < 1 || quantity > 20) {
      throw new IllegalArgumentException("quantity: expected 1 to 20");
    }
  }
}

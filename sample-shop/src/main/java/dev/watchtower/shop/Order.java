package dev.watchtower.shop;

/**
 * What a customer wants.
 *
 * @param sku the product
 * @param quantity how many, 1 to 20
 */
public record Order(String sku, int quantity) {
  public Order {
    if (sku == null || sku.isBlank() || sku.length() > 40) {
      throw new IllegalArgumentException("sku: expected the number of a product");
    }
    if (quantity < 1 || quantity > 20) {
      throw new IllegalArgumentException("quantity: expected 1 to 20");
    }
  }
}

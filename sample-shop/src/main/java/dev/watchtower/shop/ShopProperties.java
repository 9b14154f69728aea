package dev.watchtower.shop;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The shop's settings.
 *
 * @param storefront where the storefront is
 * @param checkout where checkout is
 * @param inventory where the inventory is
 * @param connectTimeout limit for reaching the next service
 * @param readTimeout limit for its answer
 * @param rate customers' requests per second, on average
 * @param seed seed of the traffic, so that it can be repeated
 */
@ConfigurationProperties("shop")
public record ShopProperties(
    @DefaultValue("http://127.0.0.1:8090") URI storefront,
    @DefaultValue("http://127.0.0.1:8091") URI checkout,
    @DefaultValue("http://127.0.0.1:8092") URI inventory,
    @DefaultValue("500ms") Duration connectTimeout,
    @DefaultValue("2s") Duration readTimeout,
    @DefaultValue("12") double rate,
    @DefaultValue("42") long seed) {}

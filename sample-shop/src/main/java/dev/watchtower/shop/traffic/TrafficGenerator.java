package dev.watchtower.shop.traffic;

import dev.watchtower.shop.Order;
import dev.watchtower.shop.ShopProperties;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Sends the customers, whether or not the shop is well: the first ones one after the other, as its
 * code is slow the first time, and that is no incident; then as they come. At most {@link
 * #MOST_AT_ONCE} of them wait for the shop at a time; the rest turn away at the door, as real ones
 * do.
 */
@Component
@Profile("traffic")
class TrafficGenerator implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(TrafficGenerator.class);
  private static final int MOST_AT_ONCE = 64;

  /** So many are served before the others come. */
  private static final int FIRST = 15;

  /** Between two of the first: less traffic than the shop's rules look at. */
  private static final Duration UNHURRIED = Duration.ofMillis(600);

  /** The others come after this time at the latest. */
  private static final Duration OPENING = Duration.ofSeconds(60);

  private final RestClient http;
  private final ShopProperties shop;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final ExecutorService visits = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean running;

  TrafficGenerator(RestClient http, ShopProperties shop) {
    this.http = http;
    this.shop = shop;
  }

  @Override
  public void start() {
    running = true;
    Thread.ofPlatform().daemon().name("traffic").start(this::run);
  }

  private void run() {
    var customers = new Customers(new Random(shop.seed()), shop.rate());
    try {
      open(customers);
      long from = System.nanoTime();
      while (!stopped.await(
          customers.untilNext(Duration.ofNanos(System.nanoTime() - from)).toNanos(),
          TimeUnit.NANOSECONDS)) {
        var visit = customers.next();
        if (room.tryAcquire()) {
          visits.execute(() -> {
            try {
              var unused = isServed(visit);
            } finally {
              room.release();
            }
          });
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void open(Customers customers) throws InterruptedException {
    long until = System.nanoTime() + OPENING.toNanos();
    int served = 0;
    while (served < FIRST
        && System.nanoTime() < until
        && !stopped.await(UNHURRIED.toMillis(), TimeUnit.MILLISECONDS)) {
      served += isServed(customers.next()) ? 1 : 0;
    }
  }

  private boolean isServed(Customers.Visit visit) {
    try {
      switch (visit) {
        case Customers.Visit.Browse() ->
            http.get().uri(shop.storefront() + "/products").retrieve().toBodilessEntity();
        case Customers.Visit.Buy(var sku, var quantity) ->
            http.post()
                .uri(shop.storefront() + "/orders")
                .contentType(MediaType.APPLICATION_JSON)
                .body(new Order(sku, quantity))
                .retrieve()
                .toBodilessEntity();
      }
      return true;
    } catch (RestClientException e) {
      LOG.atDebug().setCause(e).log("a customer left unserved");
      return false;
    }
  }

  @Override
  public void stop() {
    running = false;
    stopped.countDown();
    visits.shutdownNow();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}

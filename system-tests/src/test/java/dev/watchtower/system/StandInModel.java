package dev.watchtower.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server that answers as OpenAI's chat completions do, well or badly. Where failed tests are run
 * again, so is it.
 */
final class StandInModel implements AutoCloseable {
  /** How it answers. */
  enum Mood {
    /** One hypothesis on evidence that exists. */
    SOUND,
    /** Cites evidence that does not exist. */
    INVENTS,
    /** Answers with something that is no JSON. */
    GARBAGE,
    /** Answers 500. */
    FAILS,
    /** Does not answer within any deadline. */
    SLEEPS
  }

  private static final Pattern EVIDENCE = Pattern.compile("\\be\\d+\\b");

  private final List<String> prompts = new CopyOnWriteArrayList<>();
  private volatile Mood mood = Mood.SOUND;
  private volatile CountDownLatch closing = new CountDownLatch(1);
  private @Nullable HttpServer server;

  void open() {
    prompts.clear();
    closing = new CountDownLatch(1);
    HttpServer opened;
    try {
      opened = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    opened.createContext("/v1/chat/completions", this::handle);
    opened.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    opened.start();
    server = opened;
  }

  String baseUrl() {
    return "http://127.0.0.1:" + Objects.requireNonNull(server).getAddress().getPort() + "/v1";
  }

  void mood(Mood next) {
    mood = next;
  }

  /** Every prompt it was sent. */
  List<String> prompts() {
    return List.copyOf(prompts);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var prompt = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      prompts.add(prompt);
      switch (mood) {
        case SOUND -> {
          var found = EVIDENCE.matcher(prompt);
          answer(exchange, reply(found.find() ? found.group() : "e1"));
        }
        case INVENTS -> answer(exchange, reply("e9999"));
        case GARBAGE -> answer(exchange, "the cause is <b>probably</b> the moon");
        case FAILS -> exchange.sendResponseHeaders(500, -1);
        case SLEEPS -> {
          try {
            var unused = closing.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }
      }
    }
  }

  private static String reply(String evidence) {
    var answer = Suite.JSON.createObjectNode();
    var hypothesis = answer.putArray("hypotheses").addObject();
    hypothesis.put("statement", "The stand-in model suspects what the evidence shows.");
    hypothesis.put("confidence", 0.7);
    hypothesis.putArray("evidence").add(evidence);
    var suggestion = answer.putArray("suggestions").addObject();
    suggestion.put("text", "Look at the service that the evidence names.");
    suggestion.put("kind", "CHECK");
    suggestion.putArray("evidence").add(evidence);
    var risk = answer.putObject("risk");
    risk.put("level", "MEDIUM");
    risk.put("why", "Customers are affected.");
    risk.putArray("blastRadius");
    return answer.toString();
  }

  private static void answer(HttpExchange exchange, String content) throws IOException {
    var completion = Suite.JSON.createObjectNode();
    completion.put("id", "chatcmpl-1");
    completion.put("object", "chat.completion");
    completion.put("created", 1_700_000_000);
    completion.put("model", "stand-in");
    var choice = completion.putArray("choices").addObject();
    choice.put("index", 0);
    choice.put("finish_reason", "stop");
    var message = choice.putObject("message");
    message.put("role", "assistant");
    message.put("content", content);
    var usage = completion.putObject("usage");
    usage.put("prompt_tokens", 100);
    usage.put("completion_tokens", 50);
    usage.put("total_tokens", 150);
    var bytes = completion.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    closing.countDown();
    if (server != null) {
      server.stop(0);
    }
  }
}

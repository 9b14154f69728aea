package dev.watchtower.launcher;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Stands in for a service under the supervisor: a real process with a health check, and monitor's
 * tokens.
 */
public final class FakeService {
  private FakeService() {}

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(System.getenv().getOrDefault("SERVER_PORT", "0"));
    System.out.println("fake service on " + port + ", role " + System.getenv("SHOP_ROLE"));
    System.out.println(
        "silent %s, model '%s'"
            .formatted(System.getenv("WATCHTOWER_SILENT"), System.getenv("OPENAI_BASE_URL")));
    if ("die".equals(System.getenv("FAKE"))) {
      System.exit(7);
    }
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var tokens = exchange.getRequestURI().getPath().equals("/api/v1/tokens");
            byte[] body =
                (tokens ? "{\"id\":\"t1\",\"token\":\"wt_made-by-the-fake\"}" : "{}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(tokens ? 201 : 200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  /** Writes a jar with this class at {@code file}. */
  public static void jar(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
    var entry = FakeService.class.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(file), manifest);
        var in = FakeService.class.getClassLoader().getResourceAsStream(entry)) {
      out.putNextEntry(new JarEntry(entry));
      if (in != null) {
        in.transferTo(out);
      }
      out.closeEntry();
    }
  }
}

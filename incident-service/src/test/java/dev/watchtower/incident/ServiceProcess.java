package dev.watchtower.incident;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The service as a process of its own, always on one port, that can be killed. */
final class ServiceProcess implements AutoCloseable {
  private final ServiceInstance.World world;
  private final int port;
  private final Api api;
  private volatile Process process;

  /** Starts it and waits until it is ready. */
  ServiceProcess(ServiceInstance.World world) {
    this.world = world;
    try (var socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.api = world.responder(port);
    start();
  }

  Api api() {
    return api;
  }

  /** SIGKILL, and again from the start. */
  void killAndStart() throws InterruptedException {
    process.destroyForcibly().waitFor();
    start();
  }

  private void start() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(IncidentServiceApplication.class.getName());
    world.properties().forEach((name, value) -> command.add("--" + name + "=" + value));
    command.add("--server.port=" + port);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(
                      new File(world.keys().dataDir().toFile(), "killed.log")))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await("the service is ready")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(() -> api.get("/health/readiness").status() == 200);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

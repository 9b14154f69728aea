package dev.watchtower.ingest.doors.web;

import dev.watchtower.common.web.GuardedProtocol;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A second port on which only OTLP is taken, so that OpenTelemetry SDKs work as they come. It is
 * opened and closed while the service runs; one that cannot be opened is told in the health and
 * does not keep the service from its work. Thread-safe.
 */
final class OtlpPort extends OncePerRequestFilter {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpPort.class);
  private static final String DOOR = "/v1/metrics";

  private final int offset;
  private @Nullable Connector connector;
  private volatile int wanted;
  private volatile int open;

  /**
   * No port yet.
   *
   * @param offset added to each, as {@code up} adds it to every other port
   */
  OtlpPort(int offset) {
    this.offset = offset;
  }

  /** Opens the port, closes the one that was open, or does nothing if it is open already. */
  synchronized void follow(Tomcat tomcat, @Nullable Integer configured) {
    int port = configured == null ? 0 : configured + offset;
    wanted = port;
    if (port == open) {
      return;
    }
    close(tomcat);
    if (port == 0) {
      return;
    }
    var fresh = like(tomcat.getConnector(), port);
    connector = fresh;
    // Known before the first request can come.
    open = port;
    tomcat.getService().addConnector(fresh);
    if (fresh.getState() == LifecycleState.STARTED) {
      LOG.atInfo().addKeyValue("port", port).log("OTLP is taken at its usual port");
    } else {
      close(tomcat);
      LOG.atError().addKeyValue("port", port).log("the port for OTLP is taken by another process");
    }
  }

  private void close(Tomcat tomcat) {
    var old = connector;
    connector = null;
    open = 0;
    if (old != null) {
      tomcat.getService().removeConnector(old);
      try {
        old.destroy();
      } catch (LifecycleException e) {
        LOG.atWarn().setCause(e).log("the old port for OTLP could not be closed");
      }
    }
  }

  private static Connector like(Connector main, int port) {
    // The same guard against slow senders.
    var connector = new Connector(main.getProtocolHandlerClassName());
    connector.setPort(port);
    connector.setThrowOnFailure(false);
    if (connector.getProtocolHandler() instanceof GuardedProtocol guarded
        && main.getProtocolHandler() instanceof GuardedProtocol example) {
      guarded.setPatience(example.getPatience());
    }
    if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol
        && main.getProtocolHandler() instanceof AbstractProtocol<?> example) {
      InetAddress address = example.getAddress();
      if (address != null) {
        protocol.setAddress(address);
      }
      protocol.setAcceptCount(example.getAcceptCount());
      protocol.setMaxConnections(example.getMaxConnections());
      protocol.setConnectionTimeout(example.getConnectionTimeout());
      protocol.setExecutor(new VirtualThreadExecutor("otlp-"));
    }
    return connector;
  }

  /** The port that should be open; 0 for none. */
  int wanted() {
    return wanted;
  }

  /** The port that is open; 0 for none. */
  int open() {
    return open;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (open != 0 && request.getLocalPort() == open && !request.getRequestURI().equals(DOOR)) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    chain.doFilter(request, response);
  }
}

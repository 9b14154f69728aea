package dev.watchtower.monitor.probe;

import java.net.URI;

/** How something is checked. */
public sealed interface Check {
  /** {@code GET url} answers with the status. */
  record Http(URI url, int expectStatus) implements Check {}

  /** The port takes a connection. */
  record Tcp(String host, int port) implements Check {}

  /** This process: whether it can do its work, as its own health says. */
  record Self() implements Check {}
}

package dev.watchtower.launcher.suite;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Port offsets for tests that start a suite. */
public final class FreePorts {
  private static int next = 21_000;

  private FreePorts() {}

  /** An offset with which all ports are free now. */
  public static synchronized int offset() {
    for (int offset = next; offset < 40_000; offset += 50) {
      next = offset + 50;
      if (allFree(offset)) {
        return offset;
      }
    }
    throw new IllegalStateException("no free ports");
  }

  private static boolean allFree(int offset) {
    var ports = new ArrayList<Integer>(List.of(Component.SUPERVISOR_PORT + offset));
    for (var component : Component.values()) {
      ports.add(component.port(offset));
    }
    for (int port : ports) {
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (!socket.isBound()) {
          return false;
        }
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}

package dev.watchtower.launcher.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * As whom the server runs. PostgreSQL refuses to run as root; where we are root it gets a user name
 * space of its own, or, where the system forbids that, the user nobody.
 *
 * @param prefix what stands before the server's command
 * @param chown whether the data has to be handed to that user first
 */
record ServerUser(List<String> prefix, boolean chown) {
  private static final String NOBODY = "65534";

  ServerUser {
    prefix = List.copyOf(prefix);
  }

  /**
   * The way that works here.
   *
   * @throws IOException if none does; the message says what to do
   */
  static ServerUser find(Path folder) throws IOException {
    if (!isRoot()) {
      return new ServerUser(List.of(), false);
    }
    var ownNamespace = List.of("unshare", "-U");
    if (works(ownNamespace, "true")) {
      return new ServerUser(ownNamespace, false);
    }
    var nobody = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    if (works(nobody, "test", "-x", folder.toString())) {
      return new ServerUser(nobody, true);
    }
    throw new IOException(
        "PostgreSQL does not run as root, and neither 'unshare -U' nor 'setpriv' works here: start Watchtower as"
            + " another user, or set WATCHTOWER_DB_URL");
  }

  /** Gives {@code folder} and all in it to the server's user. */
  void handOver(Path folder) throws IOException {
    if (chown && !works(List.of("chown", "-R", NOBODY + ":" + NOBODY), folder.toString())) {
      throw new IOException("cannot hand " + folder + " to the user nobody");
    }
  }

  private static boolean isRoot() {
    try {
      return Files.exists(Path.of("/proc/self"))
          ? Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
          : "root".equals(System.getProperty("user.name"));
    } catch (IOException | UnsupportedOperationException e) {
      return "root".equals(System.getProperty("user.name"));
    }
  }

  private static boolean works(List<String> prefix, String... command) {
    try {
      var all = new ArrayList<>(prefix);
      all.addAll(List.of(command));
      var process =
          new ProcessBuilder(all)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

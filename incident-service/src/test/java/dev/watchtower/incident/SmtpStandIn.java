package dev.watchtower.incident;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A mail server on a real socket: keeps the mails it took as they came, and misbehaves as often as
 * the test asks it to. A fault is used up by the mail that meets it.
 */
public final class SmtpStandIn {
  /** What goes wrong with a mail. */
  public sealed interface Fault {
    /** An answer to the mail, such as {@code 451 try later}, and the mail is not taken. */
    record Answer(String line) implements Fault {}

    /** An answer to one address, such as {@code 550 no such user}. */
    record Recipient(String address, String line) implements Fault {}

    /** An answer to the login, such as {@code 454 try later}; or none, if it is empty. */
    record Login(String line) implements Fault {}

    /** The connection breaks before the mail is taken. */
    record Reset() implements Fault {}

    /** The mail is taken, but the answer gets lost. */
    record LostAnswer() implements Fault {}

    /** The mail is taken and answered, and the connection is reset before anybody says QUIT. */
    record Hasty() implements Fault {}
  }

  private final ServerSocket socket;
  private final Queue<Fault> faults = new ArrayDeque<>();
  private final List<String> taken = new ArrayList<>();

  /** Listens on a free port. */
  public SmtpStandIn() {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("smtp-stand-in").start(this::accept);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var client = socket.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        var in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      say(client, "220 stand-in");
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        var word = line.split(" ", 2)[0].toUpperCase(java.util.Locale.ROOT);
        if (word.equals("DATA")) {
          say(client, "354 go on");
          if (!take(client, mail(in))) {
            return;
          }
        } else if (word.equals("RCPT")) {
          say(client, recipient(line));
        } else if (word.equals("EHLO") && isLoginNext()) {
          say(client, "250-stand-in\r\n250 AUTH PLAIN");
        } else if (word.equals("AUTH")) {
          var answer = login();
          if (answer.isEmpty()) {
            return;
          }
          say(client, answer);
        } else {
          say(client, word.equals("QUIT") ? "221 bye" : "250 ok");
        }
      }
    } catch (IOException e) {
      // The client is gone, as a test may have it.
      return;
    }
  }

  private static String mail(BufferedReader in) throws IOException {
    var mail = new StringBuilder();
    for (var line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      mail.append(line).append('\n');
    }
    return mail.toString();
  }

  private synchronized String recipient(String line) {
    return faults.peek() instanceof Fault.Recipient r && line.contains(r.address())
        ? ((Fault.Recipient) faults.remove()).line()
        : "250 ok";
  }

  private synchronized boolean isLoginNext() {
    return faults.peek() instanceof Fault.Login;
  }

  private synchronized String login() {
    return faults.remove() instanceof Fault.Login login ? login.line() : "503 not now";
  }

  private boolean take(Socket client, String mail) throws IOException {
    Fault fault;
    synchronized (this) {
      fault = faults.poll();
      if (fault == null || fault instanceof Fault.LostAnswer || fault instanceof Fault.Hasty) {
        taken.add(mail);
      }
    }
    switch (fault) {
      case null -> say(client, "250 taken");
      case Fault.Recipient r -> throw new IOException(r + " was not met");
      case Fault.Login l -> throw new IOException(l + " was not met");
      case Fault.Answer a -> say(client, a.line());
      case Fault.Reset r -> {
        return false;
      }
      case Fault.LostAnswer l -> {
        return false;
      }
      case Fault.Hasty h -> {
        client.setSoLinger(true, 0);
        say(client, "250 taken");
        return false;
      }
    }
    return true;
  }

  private static void say(Socket client, String line) throws IOException {
    client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    client.getOutputStream().flush();
  }

  /** Where it listens on loopback. */
  public int port() {
    return socket.getLocalPort();
  }

  /** The next mails meet these faults, in order. */
  public synchronized void fail(Fault... next) {
    faults.addAll(List.of(next));
  }

  /** Whether all faults have been met. */
  public synchronized boolean isHealthy() {
    return faults.isEmpty();
  }

  /** The mails it took that mention {@code text}, in order. */
  public synchronized List<String> takenWith(String text) {
    return taken.stream().filter(m -> m.contains(text)).toList();
  }
}

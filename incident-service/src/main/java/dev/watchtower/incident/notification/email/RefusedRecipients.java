package dev.watchtower.incident.notification.email;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.InternetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;

/**
 * Which addresses of a mail the server did not take, by its answer to each.
 *
 * @param codes the codes of the answers, none of them good
 */
record RefusedRecipients(Map<InternetAddress, Integer> codes) {
  RefusedRecipients {
    codes = Map.copyOf(codes);
  }

  /** Those that hang on the failure. */
  static RefusedRecipients of(SendFailedException failure) {
    var codes = new LinkedHashMap<InternetAddress, Integer>();
    for (Exception e = failure; e instanceof MessagingException m; e = m.getNextException()) {
      if (e instanceof SMTPAddressFailedException address) {
        codes.put(address.getAddress(), address.getReturnCode());
      }
    }
    return new RefusedRecipients(codes);
  }

  boolean isEmpty() {
    return codes.isEmpty();
  }

  boolean has(Address address) {
    return address instanceof InternetAddress mail && codes.containsKey(mail);
  }

  /** Whether one of them may be taken later: then none is sent to, so that nobody gets it twice. */
  boolean isTemporary() {
    return codes.values().stream().anyMatch(code -> code < 500);
  }

  /** For people. */
  String words() {
    return codes.entrySet().stream()
        .map(e -> "%s (%d)".formatted(e.getKey().getAddress(), e.getValue()))
        .sorted()
        .collect(Collectors.joining(", "));
  }
}

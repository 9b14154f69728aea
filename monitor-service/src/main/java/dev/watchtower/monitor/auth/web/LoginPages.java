package dev.watchtower.monitor.auth.web;

import dev.watchtower.monitor.auth.PasswordPolicy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The login page and the page to change the password; neither needs a script. */
@Controller
class LoginPages {
  private final PasswordChange change;

  LoginPages(PasswordChange change) {
    this.change = change;
  }

  @GetMapping("/login")
  String login(
      @RequestParam(required = false) @Nullable String error,
      @RequestParam(required = false) @Nullable Long seconds,
      @RequestParam(required = false) @Nullable String next,
      @RequestParam(required = false) @Nullable String bye,
      Model model) {
    model.addAttribute("error", error == null ? null : message(error, seconds));
    model.addAttribute("notice", bye == null ? null : "You are logged out.");
    model.addAttribute("next", next == null ? "" : next);
    return "login";
  }

  private static String message(String error, @Nullable Long seconds) {
    return switch (error) {
      case "wait" ->
          "Too many failed attempts. Wait "
              + (seconds == null || seconds < 1 || seconds > 3600 ? "a while" : seconds + " s")
              + ", then try again.";
      case "expired" -> "The page was open for too long. Log in again.";
      default -> "Wrong name or password.";
    };
  }

  @GetMapping("/change-password")
  String changePage(Model model) {
    model.addAttribute("min", PasswordPolicy.MIN);
    return "change-password";
  }

  @PostMapping("/change-password")
  String change(
      @RequestParam String current,
      @RequestParam String password,
      @RequestParam String again,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    var refusal =
        password.equals(again)
            ? change.change(request, current, password).map(PasswordChange.Refusal::reason)
            : Optional.of("The two new passwords differ.");
    if (refusal.isEmpty()) {
      return "redirect:/";
    }
    response.setStatus(400);
    model.addAttribute("error", refusal.get());
    return changePage(model);
  }
}

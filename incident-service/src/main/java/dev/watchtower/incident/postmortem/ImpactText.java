package dev.watchtower.incident.postmortem;

import dev.watchtower.incident.postmortem.Impact.Budget;
import dev.watchtower.incident.postmortem.Impact.Figure;
import dev.watchtower.incident.postmortem.Impact.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Words an impact. Pure. */
final class ImpactText {
  private ImpactText() {}

  /** Paragraphs in Markdown; none if nothing was to be measured. */
  static List<String> paragraphs(String service, Impact impact) {
    var paragraphs = new ArrayList<String>();
    if (!impact.budgets().isEmpty()) {
      paragraphs.add("Error budgets:\n" + listed(impact.budgets(), ImpactText::line));
    }
    if (!impact.signals().isEmpty()) {
      paragraphs.add(
          "Measured on %s:\n".formatted(DraftText.plain(service))
              + listed(impact.signals(), ImpactText::line));
    }
    return paragraphs;
  }

  private static <T> String listed(List<T> items, Function<T, String> line) {
    return items.stream().map(line).map(text -> "- " + text).collect(Collectors.joining("\n"));
  }

  private static String line(Budget budget) {
    var name =
        "%s (%s %% over %d d)"
            .formatted(
                DraftText.plain(budget.title()),
                DraftText.figure(budget.objective()),
                budget.days());
    if (budget.spent() instanceof Figure.Unknown unknown) {
      return "%s: the budget spent is not known: %s"
          .formatted(name, DraftText.plain(unknown.why()));
    }
    return "%s: %s of the budget was spent; of what happened, %s was bad; left now: %s"
        .formatted(
            name,
            worded(budget.spent(), ImpactText::percent),
            worded(budget.badShare(), ImpactText::percent),
            worded(budget.left(), ImpactText::percent));
  }

  private static String line(Golden signal) {
    DoubleFunction<String> words =
        signal.name().equals("error_rate") ? ImpactText::percent : DraftText::figure;
    if (signal.worst() instanceof Figure.Unknown unknown) {
      return "%s: not known: %s"
          .formatted(DraftText.plain(signal.name()), DraftText.plain(unknown.why()));
    }
    return "%s: %s at the highest; on average in the hour before: %s"
        .formatted(
            DraftText.plain(signal.name()),
            worded(signal.worst(), words),
            worded(signal.before(), words));
  }

  private static String worded(Figure figure, DoubleFunction<String> words) {
    return switch (figure) {
      case Figure.Known known -> words.apply(known.value());
      case Figure.Unknown unknown -> "not known: " + DraftText.plain(unknown.why());
    };
  }

  private static String percent(double share) {
    double value = share * 100;
    return String.format(
        Locale.ROOT, Math.abs(value) < 10 ? "%.2f %%" : "%.1f %%", value == 0 ? 0.0 : value);
  }
}

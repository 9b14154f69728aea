package dev.watchtower.common.live;

import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The topics that a service has, so that nobody listens for ever to one that it does not have. Each
 * is written as in the documentation: {@code /topic/runs}, or with parts that vary, {@code
 * /topic/metrics.{env}.{service}}; <code>{id}</code> stands for a UUID, any other part for a text.
 */
public final class LiveDestinations {
  private static final Pattern PART = Pattern.compile("\\{(\\w+)}");
  private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  /**
   * One topic, or those that differ in their parts only.
   *
   * @param beginning what comes before the first part that varies
   * @param oneByOne whether no pattern stands for it
   */
  private record Form(String text, String beginning, Pattern whole, boolean oneByOne) {
    static Form of(String text, boolean oneByOne) {
      var regex = new StringBuilder();
      int from = 0;
      for (var part : PART.matcher(text).results().toList()) {
        regex.append(Pattern.quote(text.substring(from, part.start()))).append(stands(part));
        from = part.end();
      }
      regex.append(Pattern.quote(text.substring(from)));
      return new Form(
          text,
          text.replaceFirst("\\{.*", ""),
          Pattern.compile(regex.toString(), Pattern.DOTALL),
          oneByOne);
    }

    private static String stands(MatchResult part) {
      return part.group(1).equals("id") ? ID : ".+";
    }

    /** Whether some of its topics begin so. */
    boolean begins(String start) {
      return beginning.startsWith(start)
          || (!beginning.equals(text) && start.startsWith(beginning));
    }
  }

  private final List<Form> forms;

  private LiveDestinations(List<Form> forms) {
    this.forms = List.copyOf(forms);
  }

  /** These topics, and patterns that stand for some of them. */
  public static LiveDestinations of(String... forms) {
    return new LiveDestinations(Arrays.stream(forms).map(f -> Form.of(f, false)).toList());
  }

  /** These besides, which no pattern may stand for. */
  public LiveDestinations oneByOne(String... more) {
    var added = Arrays.stream(more).map(f -> Form.of(f, true));
    return new LiveDestinations(Stream.concat(forms.stream(), added).toList());
  }

  /** Whether it is one of the topics, or a pattern (which ends in {@code *}) for some. */
  public boolean has(String destination) {
    if (!destination.endsWith("*")) {
      return forms.stream().anyMatch(f -> f.whole().matcher(destination).matches());
    }
    var start = destination.substring(0, destination.length() - 1);
    var meant = forms.stream().filter(f -> f.begins(start)).toList();
    return !meant.isEmpty() && meant.stream().noneMatch(Form::oneByOne);
  }

  /** The topics as they are documented, with commas between. */
  @Override
  public String toString() {
    return forms.isEmpty()
        ? "none"
        : forms.stream().map(Form::text).collect(Collectors.joining(", "));
  }
}

package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code label_replace}, {@code label_join} and {@code sort_by_label}. */
final class LabelFunctions {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:\\$|([a-zA-Z0-9_]+)|\\{([a-zA-Z0-9_]+)})");

  /** Longest label that they make: one in the other, each could make it twice as long. */
  private static final int MAX_LENGTH = 65_536;

  private LabelFunctions() {}

  /**
   * Sets a label to what a regular expression finds in another.
   *
   * @param place that of the function in the plan
   * @param texts target, replacement, source, expression
   */
  static Value replace(LabelMemo memo, int place, List<Value.Sample> samples, List<String> texts) {
    String target = checked("label_replace", texts.get(0));
    String source = texts.get(2);
    java.util.function.Function<String, @Nullable MatchResult> find = finder(texts.get(3));
    List<Value.Sample> results = new ArrayList<>(samples.size());
    for (Value.Sample sample : samples) {
      Labels changed =
          memo.changed(
              place,
              target,
              sample.labels(),
              labels -> {
                MatchResult found = find.apply(labels.getOrEmpty(source));
                return found == null ? labels : labels.with(target, expanded(texts.get(1), found));
              });
      results.add(new Value.Sample(changed, sample.value()));
    }
    return Uniqueness.checked(results);
  }

  private static java.util.function.Function<String, @Nullable MatchResult> finder(String regex) {
    try {
      return Matcher.finder(regex);
    } catch (IllegalArgumentException e) {
      throw QueryException.badData(
          "invalid regular expression in label_replace(): " + e.getMessage());
    }
  }

  /** Go's template: {@code $1}, {@code ${1}}, {@code $name}; an unknown group is empty. */
  private static String expanded(String template, MatchResult found) {
    StringBuilder text = new StringBuilder();
    java.util.regex.Matcher reference = REFERENCE.matcher(template);
    int from = 0;
    while (reference.find()) {
      text.append(template, from, reference.start());
      from = reference.end();
      String name = reference.group(1) == null ? reference.group(2) : reference.group(1);
      text.append(name == null ? "$" : group(found, name));
      checkLength("label_replace", text);
    }
    return text.append(template, from, template.length()).toString();
  }

  private static String group(MatchResult found, String name) {
    String group = null;
    if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      int number = name.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(name);
      group = number <= found.groupCount() ? found.group(number) : null;
    } else if (found.namedGroups().containsKey(name)) {
      group = found.group(name);
    }
    return group == null ? "" : group;
  }

  private static void checkLength(String function, CharSequence label) {
    if (label.length() > MAX_LENGTH) {
      throw QueryException.tooMuch(
          function + "() makes a label of more than " + MAX_LENGTH + " characters");
    }
  }

  /**
   * Sets a label to the values of others, joined.
   *
   * @param place that of the function in the plan
   * @param texts target, separator, sources
   */
  static Value join(LabelMemo memo, int place, List<Value.Sample> samples, List<String> texts) {
    String target = checked("label_join", texts.get(0));
    List<String> sources = texts.subList(2, texts.size());
    List<Value.Sample> results = new ArrayList<>(samples.size());
    for (Value.Sample sample : samples) {
      Labels changed =
          memo.changed(
              place,
              target,
              sample.labels(),
              labels -> labels.with(target, joined(labels, texts.get(1), sources)));
      results.add(new Value.Sample(changed, sample.value()));
    }
    return Uniqueness.checked(results);
  }

  private static String joined(Labels labels, String separator, List<String> sources) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < sources.size(); i++) {
      text.append(i == 0 ? "" : separator).append(labels.getOrEmpty(sources.get(i)));
      checkLength("label_join", text);
    }
    return text.toString();
  }

  /** By the values of labels, digits in them as numbers; ties by all labels. */
  static Value sorted(List<Value.Sample> samples, List<String> names, boolean descending) {
    Comparator<Value.Sample> order = (_, _) -> 0;
    for (String name : names) {
      order =
          order.thenComparing(
              sample -> sample.labels().getOrEmpty(name), LabelFunctions::naturally);
    }
    order = order.thenComparing(Value.Sample::labels, LabelMemo.ORDER);
    List<Value.Sample> results = new ArrayList<>(samples);
    results.sort(descending ? order.reversed() : order);
    return new Value.Vector(results);
  }

  private static int naturally(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      int endA = digits(a, i);
      int endB = digits(b, j);
      int order;
      if (endA > i && endB > j) {
        String left = a.substring(i, endA).replaceFirst("^0+(?=.)", "");
        String right = b.substring(j, endB).replaceFirst("^0+(?=.)", "");
        order = Integer.compare(left.length(), right.length());
        order = order == 0 ? left.compareTo(right) : order;
        i = endA;
        j = endB;
      } else {
        order = Character.compare(a.charAt(i++), b.charAt(j++));
      }
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.length() - i, b.length() - j);
  }

  private static int digits(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static String checked(String function, String label) {
    if (label.isEmpty()) {
      throw QueryException.badData(
          "invalid destination label name in " + function + "(): " + label);
    }
    return label;
  }

  /** Those of its arguments that are texts. */
  static List<String> texts(Expr.Call call) {
    List<String> texts = new ArrayList<>();
    for (Expr argument : call.arguments()) {
      if (argument instanceof Expr.StringLiteral literal) {
        texts.add(literal.value());
      }
    }
    return texts;
  }
}

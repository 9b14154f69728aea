package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.series.Labels;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Attributes as labels. */
final class Attributes {
  // The first that a resource has. Without an instance, the counters of two replicas would be
  // mixed.
  private static final List<String> SERVICE =
      List.of(
          "service.name",
          "k8s.deployment.name",
          "k8s.statefulset.name",
          "k8s.daemonset.name",
          "k8s.container.name",
          "container.name");
  private static final List<String> INSTANCE =
      List.of("service.instance.id", "k8s.pod.name", "container.id", "host.name");
  private static final List<String> ENV =
      List.of("deployment.environment.name", "deployment.environment", "k8s.namespace.name");

  private static final int MAX_INFO = 512;

  private static final String SCOPE = "otel_scope_";

  private Attributes() {}

  /**
   * The labels that every series of a resource gets: {@code job} and {@code instance} as the
   * specification says, {@code service} and {@code env} for Watchtower. Where the service's own
   * attributes are missing, those of Kubernetes, the container and the host stand in.
   *
   * @param more attributes that are labels too, unless they have one of these names
   */
  static Map<String, String> identity(Resource resource, List<String> more) {
    var values = values(resource.getAttributesList());
    var labels = new TreeMap<String, String>();
    var name = first(values, SERVICE);
    if (!name.isEmpty()) {
      var namespace = values.getOrDefault("service.namespace", "");
      labels.put("job", namespace.isEmpty() ? name : namespace + "/" + name);
      labels.put(Labels.SERVICE, name);
    }
    var instance = first(values, INSTANCE);
    if (!instance.isEmpty()) {
      labels.put("instance", instance);
    }
    var env = first(values, ENV);
    if (!env.isEmpty()) {
      labels.put(Labels.ENV, env);
    }
    for (var key : more) {
      var value = values.getOrDefault(key, "");
      var label = OtlpNames.label(key);
      if (!value.isEmpty() && !label.equals(Labels.METRIC_NAME)) {
        labels.putIfAbsent(label, cut(value));
      }
    }
    return labels;
  }

  private static String cut(String value) {
    if (value.length() <= MAX_INFO) {
      return value;
    }
    var end = MAX_INFO - 1;
    return value.substring(0, Character.isHighSurrogate(value.charAt(end - 1)) ? end - 1 : end)
        + "…";
  }

  private static String first(Map<String, String> values, List<String> names) {
    for (var name : names) {
      var value = values.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }

  /**
   * The other attributes of a resource, for {@code target_info}; long ones, such as the command
   * line of a process, are cut, so that no limit takes all of them away.
   */
  static Map<String, String> info(Resource resource) {
    var labels =
        labels(
            resource.getAttributesList().stream()
                .filter(a ->
                    !a.getKey().equals("service.name")
                        && !a.getKey().equals("service.namespace")
                        && !a.getKey().equals("service.instance.id"))
                .toList());
    labels.replaceAll((name, value) -> cut(value));
    return labels;
  }

  /**
   * As many as there is room for, so that too many do not take all of them away. The shortest names
   * first: what comes in such numbers are labels of pods, whose names are long.
   */
  static Map<String, String> shortest(Map<String, String> attributes, int room) {
    return attributes.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, String>>comparingInt(a -> a.getKey().length())
                .thenComparing(Map.Entry::getKey))
        .limit(Math.max(0, room))
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
  }

  /**
   * The labels that every series of a scope gets, {@code otel_scope_…}: two libraries in one
   * process may have a metric of the same name. What is empty is left out.
   */
  static Map<String, String> scope(InstrumentationScope scope, String schemaUrl) {
    var labels = new TreeMap<String, String>();
    values(scope.getAttributesList())
        .forEach((key, value) ->
            labels.merge(OtlpNames.label(SCOPE + key), value, (a, b) -> a + ";" + b));
    // Attributes of these names give way, as the specification says.
    labels.put(SCOPE + "name", scope.getName());
    labels.put(SCOPE + "version", scope.getVersion());
    labels.put(SCOPE + "schema_url", schemaUrl);
    return labels;
  }

  /**
   * Attributes as labels; the values of those that become the same name are joined by {@code ;} in
   * the order of the attributes' names.
   */
  static Map<String, String> labels(List<KeyValue> attributes) {
    var labels = new TreeMap<String, String>();
    values(attributes)
        .forEach((key, value) -> {
          var name = OtlpNames.label(key);
          if (!name.isEmpty() && !name.equals(Labels.METRIC_NAME)) {
            labels.merge(name, value, (a, b) -> a + ";" + b);
          }
        });
    return labels;
  }

  /** A point's labels and those of its resource; a clash keeps both, as Prometheus does. */
  static Map<String, String> merged(Map<String, String> identity, Map<String, String> point) {
    var labels = new TreeMap<>(identity);
    point.forEach((name, value) -> {
      var free = name;
      if (labels.containsKey(name) && !value.equals(labels.get(name))) {
        do {
          free = "exported_" + free;
        } while (labels.containsKey(free) || point.containsKey(free));
      }
      labels.put(free, value);
    });
    return labels;
  }

  private static TreeMap<String, String> values(List<KeyValue> attributes) {
    var values = new TreeMap<String, String>();
    for (var attribute : attributes) {
      values.put(attribute.getKey(), AttributeText.of(attribute.getValue()));
    }
    return values;
  }
}

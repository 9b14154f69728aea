package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributesTest {
  @Test
  void takesTheServicesOwnAttributesFirst() {
    assertThat(
            Attributes.identity(
                resource(
                    Map.of(
                        "service.name", "checkout",
                        "service.namespace", "shop",
                        "service.instance.id", "i1",
                        "deployment.environment", "prod",
                        "k8s.deployment.name", "checkout-v2",
                        "k8s.namespace.name", "team-a")),
                List.of()))
        .isEqualTo(
            Map.of("job", "shop/checkout", "service", "checkout", "instance", "i1", "env", "prod"));
  }

  @Test
  void takesWhatKubernetesAndTheHostSayWhereTheServiceSaysNothing() {
    assertThat(
            Attributes.identity(
                resource(
                    Map.of(
                        "k8s.deployment.name", "checkout",
                        "k8s.pod.name", "checkout-7d9f",
                        "k8s.namespace.name", "shop",
                        "host.name", "n1")),
                List.of()))
        .isEqualTo(
            Map.of(
                "job",
                "checkout",
                "service",
                "checkout",
                "instance",
                "checkout-7d9f",
                "env",
                "shop"));
    assertThat(Attributes.identity(resource(Map.of("host.name", "n1")), List.of()))
        .isEqualTo(Map.of("instance", "n1"));
  }

  @Test
  void makesLabelsOfTheAttributesThatAreAskedFor() {
    var host =
        resource(
            Map.of(
                "service.name", "Icinga 2",
                "icinga2.host.name", "web01",
                "icinga2.service.name", "",
                "job", "mine",
                "long", "x".repeat(600)));

    var labels =
        Attributes.identity(
            host, List.of("icinga2.host.name", "icinga2.service.name", "job", "long", "not.there"));

    assertThat(labels)
        .containsOnlyKeys("job", "service", "icinga2_host_name", "long")
        .containsEntry("icinga2_host_name", "web01")
        .containsEntry("job", "Icinga 2");
    // As long as in target_info, which would else have both.
    assertThat(labels.get("long")).isEqualTo(Attributes.info(host).get("long"));
  }

  @Test
  void makesLabelsOfTheScopeThatGiveWayToNothing() {
    var scope =
        InstrumentationScope.newBuilder()
            .setName("io.opentelemetry.jdbc")
            .setVersion("2.1")
            .addAllAttributes(
                resource(Map.of("db.pool", "main", "name", "other")).getAttributesList());

    assertThat(Attributes.scope(scope.build(), "https://opentelemetry.io/schemas/1.30.0"))
        .isEqualTo(
            Map.of(
                "otel_scope_name",
                "io.opentelemetry.jdbc",
                "otel_scope_version",
                "2.1",
                "otel_scope_schema_url",
                "https://opentelemetry.io/schemas/1.30.0",
                "otel_scope_db_pool",
                "main"));
  }

  @Test
  void keepsAllOfLabelsThatClash() {
    assertThat(
            Attributes.merged(
                Map.of("job", "checkout", "instance", "i1"),
                Map.of("job", "nightly", "exported_job", "mine", "instance", "i1")))
        .isEqualTo(
            Map.of(
                "job",
                "checkout",
                "exported_job",
                "mine",
                "exported_exported_job",
                "nightly",
                "instance",
                "i1"));
  }

  @Test
  void cutsWhatIsLongInTargetInfo() {
    var info =
        Attributes.info(
            resource(
                Map.of(
                    "process.command_line", "java -c " + "😀".repeat(3_000), "host.name", "n1")));

    assertThat(info.get("host_name")).isEqualTo("n1");
    assertThat(info.get("process_command_line"))
        .startsWith("java -c 😀")
        .endsWith("😀…")
        .hasSize(511);
  }

  @Test
  void writesListsAndMapsAsJsonSoThatWhatDiffersStaysApart() {
    var map =
        AnyValue.newBuilder()
            .setKvlistValue(
                KeyValueList.newBuilder()
                    .addValues(attribute("b", list(number(1.5), number(Double.NaN))))
                    .addValues(attribute("a", AnyValue.newBuilder().setIntValue(7).build()))
                    .addValues(attribute("none", AnyValue.getDefaultInstance())))
            .build();
    var bytes = AnyValue.newBuilder().setBytesValue(ByteString.copyFromUtf8("hi?")).build();
    var flag = AnyValue.newBuilder().setBoolValue(true).build();

    assertThat(
            Attributes.labels(
                List.of(
                    attribute("two", list(string("a"), string("b"))),
                    attribute("one", list(string("a,b"))),
                    attribute("quoted", list(string("\"ä\""))),
                    attribute("map", map),
                    attribute("bytes", bytes),
                    attribute("in.list", list(bytes, flag, list())),
                    attribute("flag", flag),
                    attribute("number", number(2)))))
        .isEqualTo(
            Map.of(
                "two",
                "[\"a\",\"b\"]",
                "one",
                "[\"a,b\"]",
                "quoted",
                "[\"\\\"ä\\\"\"]",
                "map",
                "{\"a\":7,\"b\":[1.5,\"NaN\"],\"none\":null}",
                "bytes",
                "aGk/",
                "in_list",
                "[\"aGk/\",true,[]]",
                "flag",
                "true",
                "number",
                "2"));
    assertThat(AttributeText.of(nested(6))).isEqualTo("[[[[[null]]]]]");
  }

  private static AnyValue nested(int depth) {
    return depth == 0 ? string("deep") : list(nested(depth - 1));
  }

  private static AnyValue list(AnyValue... values) {
    var list = ArrayValue.newBuilder().addAllValues(List.of(values));
    return AnyValue.newBuilder().setArrayValue(list).build();
  }

  private static AnyValue string(String value) {
    return AnyValue.newBuilder().setStringValue(value).build();
  }

  private static AnyValue number(double value) {
    return AnyValue.newBuilder().setDoubleValue(value).build();
  }

  private static KeyValue attribute(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static Resource resource(Map<String, String> attributes) {
    var resource = Resource.newBuilder();
    attributes.forEach((key, value) ->
        resource.addAttributes(
            KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))));
    return resource.build();
  }
}

package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
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
                        "k8s.namespace.name", "team-a"))))
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
                        "host.name", "n1"))))
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
    assertThat(Attributes.identity(resource(Map.of("host.name", "n1"))))
        .isEqualTo(Map.of("instance", "n1"));
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

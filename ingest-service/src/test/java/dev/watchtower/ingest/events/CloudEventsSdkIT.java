package dev.watchtower.ingest.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.MessageWriter;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Events as the CloudEvents SDK for Java sends them. */
class CloudEventsSdkIT extends IngestContext {
  private static final String DEPLOYED =
      """
      {"subject":{"id":"sdk","content":{"environment":{"id":"prod"},
        "artifactId":"pkg:oci/sdk@2.0"}}}
      """;

  @Test
  void takesStructuredMode() {
    var answer =
        sent(writer -> writer.writeStructured(deployed("structured"), JsonFormat.CONTENT_TYPE));

    assertThat(answer.body()).isEqualTo("{\"stored\":1,\"duplicates\":0}");
    assertThat(find("structured")).contains("sdk deployed in prod: pkg:oci/sdk@2.0");
  }

  @Test
  void takesStructuredModeWithDataThatIsNotJson() {
    var event =
        CloudEventBuilder.v1(deployed("bytes"))
            .withType("dev.watchtower.annotation")
            .withSubject("sdk")
            .withData("application/octet-stream", new byte[] {1, 2, 3})
            .build();

    var answer = sent(writer -> writer.writeStructured(event, JsonFormat.CONTENT_TYPE));

    assertThat(answer.body()).isEqualTo("{\"stored\":1,\"duplicates\":0}");
    assertThat(find("bytes")).contains("dev.watchtower.annotation on sdk").contains("AQID");
  }

  /** This SDK does not percent-encode, as the binding asks for: a percent sign comes bare. */
  @Test
  void takesBinaryMode() {
    var answer = sent(writer -> writer.writeBinary(deployed("binary 1%")));

    assertThat(answer.body()).isEqualTo("{\"stored\":1,\"duplicates\":0}");
    assertThat(find("binary 1%")).contains("sdk deployed in prod: pkg:oci/sdk@2.0");
  }

  /** The SDK has no writer for it: the events are the SDK's, the list around them is ours. */
  @Test
  void takesBatchedMode() {
    var format = new JsonFormat();
    var body =
        "["
            + new String(format.serialize(deployed("batch 1")), StandardCharsets.UTF_8)
            + ","
            + new String(format.serialize(deployed("batch 2")), StandardCharsets.UTF_8)
            + "]";

    var answer =
        post(
            "/api/v1/events",
            Map.of("Content-Type", "application/cloudevents-batch+json"),
            body.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.body()).isEqualTo("{\"stored\":2,\"duplicates\":0}");
    assertThat(find("batch 2")).contains("sdk deployed in prod: pkg:oci/sdk@2.0");
  }

  private CloudEvent deployed(String id) {
    return CloudEventBuilder.v1()
        .withId(id)
        .withSource(URI.create("/sdk"))
        .withType("dev.cdevents.service.deployed.0.2.0")
        .withTime(Instant.ofEpochMilli(now()).atOffset(ZoneOffset.UTC))
        .withExtension("customdata", "x")
        .withData("application/json", DEPLOYED.getBytes(StandardCharsets.UTF_8))
        .build();
  }

  private HttpResponse<String> sent(Consumer<MessageWriter<?, ?>> event) {
    var headers = new HashMap<String, String>();
    var body = new AtomicReference<byte[]>();
    event.accept(HttpMessageFactory.createWriter(headers::put, body::set));
    return post("/api/v1/events", headers, body.get());
  }

  private String find(String id) {
    var found =
        send("GET", "/api/v1/events?service=sdk&env=prod", readToken(), Map.of(), null).body();
    assertThat(found).contains("\"id\":\"" + id + "\"");
    return found;
  }
}

package dev.watchtower.common.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

class CatalogSchemaTest {
  private static final Path PUBLISHED = Path.of("..", "docs", "catalog.schema.json");

  @Test
  void isPublishedAsTheParserReadsTheFile() throws IOException {
    var json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    var schema = json.writeValueAsString(SchemaSection.catalog()).replace("\r\n", "\n") + "\n";
    if (Boolean.getBoolean("watchtower.write-schema")) {
      Files.createDirectories(PUBLISHED.getParent());
      Files.writeString(PUBLISHED, schema);
    }

    assertThat(schema)
        .as("run this test with -Dwatchtower.write-schema=true and commit docs/catalog.schema.json")
        .isEqualTo(Files.readString(PUBLISHED));
  }
}

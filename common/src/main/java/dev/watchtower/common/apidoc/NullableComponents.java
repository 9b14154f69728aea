package dev.watchtower.common.apidoc;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says of the components of records that they can be null, where they are {@link Nullable}. */
final class NullableComponents implements ModelConverter {
  private static final String NULL = "null";

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    if (!chain.hasNext()) {
      return null;
    }
    Schema<?> resolved = chain.next().resolve(type, context, chain);
    var raw = Json.mapper().constructType(type.getType()).getRawClass();
    if (resolved != null && raw.isRecord()) {
      var model = modelOf(resolved, context);
      if (model != null && model.getProperties() != null) {
        for (var component : raw.getRecordComponents()) {
          mark(component, model);
        }
      }
    }
    return resolved;
  }

  private static @Nullable Schema<?> modelOf(Schema<?> resolved, ModelConverterContext context) {
    var ref = resolved.get$ref();
    return ref == null
        ? resolved
        : context.getDefinedModels().get(ref.substring(ref.lastIndexOf('/') + 1));
  }

  private static void mark(RecordComponent component, Schema<?> model) {
    var property = model.getProperties().get(component.getName());
    if (property != null && component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      model.getProperties().put(component.getName(), orNull(property));
    }
  }

  private static Schema<?> orNull(Schema<?> schema) {
    if (schema.get$ref() != null) {
      return new JsonSchema().oneOf(List.of(schema, new JsonSchema().typesItem(NULL)));
    }
    if (schema.getTypes() != null) {
      var types = new LinkedHashSet<>(schema.getTypes());
      types.add(NULL);
      schema.setTypes(types);
      if (schema.getEnum() != null && !schema.getEnum().contains(null)) {
        schema.addEnumItemObject(null);
      }
    }
    return schema;
  }
}

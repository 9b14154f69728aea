package dev.watchtower.common.apidoc;

import dev.watchtower.common.security.AccessRules;
import dev.watchtower.common.security.Scope;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.http.HttpMethod;

/**
 * Says of every operation what its controller does not: which token it asks for, that it refuses
 * with a problem, and that what it answers is JSON where nothing else is said.
 */
final class ApiDocument implements OpenApiCustomizer {
  private static final String BEARER = "bearer";
  private static final String PROBLEM = "Problem";
  private static final String ANY = "*/*";

  private final String service;
  private final Supplier<@Nullable AccessRules> rules;

  /**
   * The document of a service.
   *
   * @param rules who may call what; null where nobody says
   */
  ApiDocument(String service, Supplier<@Nullable AccessRules> rules) {
    this.service = service;
    this.rules = rules;
  }

  @Override
  public void customise(OpenAPI api) {
    api.setInfo(new Info().title("Watchtower " + service + "-service").version("v1"));
    if (api.getComponents() == null) {
      api.setComponents(new Components());
    }
    api.getComponents()
        .addSecuritySchemes(
            BEARER,
            new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme(BEARER)
                .description("A machine's token. An operation lists the scopes that open it."))
        .addSchemas(PROBLEM, problem())
        .addResponses(
            PROBLEM,
            new ApiResponse()
                .description("Refused or not done, and why (RFC 9457)")
                .content(
                    new Content()
                        .addMediaType(
                            "application/problem+json",
                            new MediaType().schema(new JsonSchema().$ref(PROBLEM)))));
    var access = rules.get();
    api.getPaths()
        .forEach((path, item) ->
            item.readOperationsMap()
                .forEach((method, operation) -> {
                  if (access != null) {
                    operation.setSecurity(
                        keys(access.verdict(HttpMethod.valueOf(method.name()), path)));
                  }
                  complete(operation);
                }));
  }

  /** Each of them opens it; empty for what is open. */
  private static List<SecurityRequirement> keys(AccessRules.Verdict verdict) {
    return switch (verdict) {
      case AccessRules.Verdict.Open() -> List.of();
      case AccessRules.Verdict.Needs(var scopes) ->
          scopes.stream()
              .sorted()
              .map(Scope::text)
              .map(scope -> new SecurityRequirement().addList(BEARER, scope))
              .toList();
      case AccessRules.Verdict.WrongMethod w -> List.of(new SecurityRequirement().addList(BEARER));
      case AccessRules.Verdict.Unknown u -> List.of(new SecurityRequirement().addList(BEARER));
    };
  }

  private static void complete(Operation operation) {
    if (operation.getResponses() == null) {
      operation.setResponses(new ApiResponses());
    }
    var responses = operation.getResponses();
    responses.values().stream()
        .map(ApiResponse::getContent)
        .filter(content -> content != null && isJson(content.get(ANY)))
        .forEach(content -> content.addMediaType("application/json", content.remove(ANY)));
    responses.putIfAbsent(ApiResponses.DEFAULT, new ApiResponse().$ref(PROBLEM));
  }

  /** Pages and pictures are texts and bytes. */
  private static boolean isJson(@Nullable MediaType answer) {
    Schema<?> schema = answer == null ? null : answer.getSchema();
    return schema != null && (schema.getTypes() == null || !schema.getTypes().contains("string"));
  }

  private static Schema<?> problem() {
    var problem = texts("type", "title", "detail", "instance", "traceId");
    problem.addProperty("status", type("integer"));
    problem.addRequiredItem("status");
    // Not required: it is there for bad fields only.
    problem.addProperty("errors", type("array").items(texts("path", "message")));
    return problem;
  }

  private static Schema<?> texts(String... members) {
    var object = type("object");
    for (var member : members) {
      object.addProperty(member, type("string"));
      object.addRequiredItem(member);
    }
    return object;
  }

  private static Schema<?> type(String name) {
    return new JsonSchema().typesItem(name);
  }
}

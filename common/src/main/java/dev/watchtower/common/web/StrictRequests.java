package dev.watchtower.common.web;

import dev.watchtower.common.wire.TransitionRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Refuses fields that a request of ours does not have: one that is mistyped must not widen what is
 * done, as a silence whose matcher is not known would. Requests are the types in packages {@code
 * web}, and the one that people's programs share; what other programs send by a format of their own
 * says itself that more may be in it. Thread-safe.
 */
final class StrictRequests extends DeserializationProblemHandler {
  private static final String OURS = "dev.watchtower.";

  @Override
  public boolean handleUnknownProperty(
      DeserializationContext context,
      JsonParser parser,
      @Nullable ValueDeserializer<?> deserializer,
      Object beanOrClass,
      String property) {
    var type = beanOrClass instanceof Class<?> known ? known : beanOrClass.getClass();
    var home = type.getPackageName();
    boolean request = home.startsWith(OURS) && home.endsWith(".web");
    if (request || type.equals(TransitionRequest.class)) {
      throw UnrecognizedPropertyException.from(parser, type, property, null);
    }
    return false;
  }
}

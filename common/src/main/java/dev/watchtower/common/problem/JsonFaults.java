package dev.watchtower.common.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.PropertyBindingException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Why a JSON body cannot be read. The library's own messages name classes and settings of this
 * program, which say nothing to the caller.
 */
public final class JsonFaults {
  private static final String NOT_USABLE = "cannot be used like this";

  private JsonFaults() {}

  /** The problem: where in the body, and what was expected there. */
  static Problem of(JacksonException thrown) {
    var path = pathOf(thrown.getPath());
    return Problem.badRequest((path.isEmpty() ? "The body" : path) + ": " + sentence(thrown))
        .fault(path, reasonOf(thrown));
  }

  /** What was expected, with line and column where they are known. */
  public static String sentence(JacksonException thrown) {
    var at = thrown.getLocation();
    return reasonOf(thrown)
        + (at == null || at.getLineNr() < 0
            ? ""
            : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")");
  }

  private static String reasonOf(JacksonException thrown) {
    return switch (thrown) {
      case InputCoercionException e -> "the number is out of range";
      case StreamReadException e -> "not well-formed JSON";
      case StreamConstraintsException e -> "nested too deeply, or a number or name is too long";
      case PropertyBindingException e -> "this field is not known";
      case ValueInstantiationException e -> ownWords(e.getCause());
      case MismatchedInputException e ->
          // The only one that is about what follows the value, and it has no type of its own.
          e.getOriginalMessage().startsWith("Trailing token")
              ? "expected one value and nothing behind it"
              : Expected.of(e.getTargetType());
      default -> NOT_USABLE;
    };
  }

  /** What a record says of its own components; an accident within it says nothing. */
  private static String ownWords(@Nullable Throwable cause) {
    return cause instanceof IllegalArgumentException && cause.getMessage() != null
        ? cause.getMessage()
        : NOT_USABLE;
  }

  private static String pathOf(List<JacksonException.Reference> references) {
    var path = new StringBuilder();
    for (var reference : references) {
      if (reference.getPropertyName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
      } else {
        path.append('[').append(reference.getIndex()).append(']');
      }
    }
    return path.toString();
  }
}

package dev.watchtower.common.time;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the few places that read the system clock or the system's randomness, so that everything
 * else can be given a clock in tests. The build refuses such calls anywhere else.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface SystemEdge {
  /** Why the place may read the system. */
  String value();
}

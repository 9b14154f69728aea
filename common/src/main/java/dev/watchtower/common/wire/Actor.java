package dev.watchtower.common.wire;

/**
 * Who did something.
 *
 * @param type a person, a named policy of the system, or a service
 * @param name the user's name, the policy's name such as {@code policy:auto-resolve}, or the
 *     service's name
 */
public record Actor(Type type, String name) {
  /** How the names of machines begin, whose tokens act for nobody in particular. */
  private static final String MACHINE = "machine:";

  /** The kinds of actor. */
  public enum Type {
    PERSON,
    POLICY,
    SERVICE
  }

  /**
   * Whether somebody did it themselves: no policy, no service, and no machine with a token. Not
   * named as a property, so that it is no part of the JSON.
   */
  public boolean byHuman() {
    return type == Type.PERSON && !name.startsWith(MACHINE);
  }

  /** A person. */
  public static Actor person(String name) {
    return new Actor(Type.PERSON, name);
  }

  /** A policy; {@code name} without the prefix {@code policy:}. */
  public static Actor policy(String name) {
    return new Actor(Type.POLICY, "policy:" + name);
  }

  /** A service. */
  public static Actor service(String name) {
    return new Actor(Type.SERVICE, name);
  }
}

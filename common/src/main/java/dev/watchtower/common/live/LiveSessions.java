package dev.watchtower.common.live;

import dev.watchtower.common.live.LiveAuthenticator.Principal;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a service. Those that have said who they are, at most {@link #MOST} and {@link
 * #MOST_EACH} of one user or token, and beside them strangers, who have the room that is left and
 * at least {@link #MOST_STRANGERS} places: the oldest gives way, so that nobody who says nothing
 * keeps others out. A thousand subscribers may so open their connections all at once, and say who
 * they are afterwards. Safe for use by several threads.
 */
final class LiveSessions {
  static final int MOST = 2_000;

  /** Connections of one user or token, so that some are left for others. */
  static final int MOST_EACH = 1_500;

  /** Connections that have not said yet who they are, where all others are taken. */
  static final int MOST_STRANGERS = 200;

  private final Map<String, LiveSession> all = new LinkedHashMap<>();

  /** In the order in which they came. */
  private final ArrayDeque<LiveSession> strangers = new ArrayDeque<>();

  /** Adds a stranger; gives the one that has to give way to it, if one has to. */
  synchronized @Nullable LiveSession add(LiveSession session) {
    all.put(session.socket().getId(), session);
    strangers.addLast(session);
    long known = all.values().stream().filter(other -> other.principal() != null).count();
    return known + strangers.size() > MOST + MOST_STRANGERS ? strangers.removeFirst() : null;
  }

  /**
   * Makes it a connection of {@code principal}.
   *
   * @return null, or without any effect why there is no room for it
   */
  synchronized @Nullable String admit(LiveSession session, Principal principal) {
    int known = 0;
    int own = 0;
    for (var other : all.values()) {
      var who = other == session ? null : other.principal();
      known += who == null ? 0 : 1;
      own += who != null && who.subject().equals(principal.subject()) ? 1 : 0;
    }
    if (known >= MOST) {
      return "too many connections, try again later";
    }
    if (own >= MOST_EACH) {
      return "too many connections of one user or token";
    }
    strangers.remove(session);
    session.connected(principal);
    return null;
  }

  /** The connection with that id; null if it is not there, or there no more. */
  synchronized @Nullable LiveSession get(String id) {
    return all.get(id);
  }

  synchronized @Nullable LiveSession remove(String id) {
    var gone = all.remove(id);
    if (gone != null) {
      strangers.remove(gone);
    }
    return gone;
  }

  synchronized int size() {
    return all.size();
  }

  /** All that are there now. */
  synchronized Collection<LiveSession> all() {
    return List.copyOf(all.values());
  }
}

package dev.watchtower.monitor.auth.config;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;

/** A session that knows whether anything but the time of its last access has changed in it. */
final class LastingSession<S extends Session> implements Session {
  private final S inner;
  private boolean changed;

  /**
   * A session over that of the store.
   *
   * @param fresh whether the store does not have it yet
   */
  LastingSession(S inner, boolean fresh) {
    this.inner = inner;
    this.changed = fresh;
  }

  /** That of the store. */
  S inner() {
    return inner;
  }

  /** Whether something would be lost if it were not stored. */
  boolean isChanged() {
    return changed;
  }

  /** It was stored, or whoever changed it was told that it cannot be. */
  void settled() {
    changed = false;
  }

  @Override
  public String getId() {
    return inner.getId();
  }

  @Override
  public String changeSessionId() {
    changed = true;
    return inner.changeSessionId();
  }

  @Override
  public <T> @Nullable T getAttribute(String name) {
    return inner.getAttribute(name);
  }

  @Override
  public Set<String> getAttributeNames() {
    return inner.getAttributeNames();
  }

  @Override
  public void setAttribute(String name, Object value) {
    changed = true;
    inner.setAttribute(name, value);
  }

  @Override
  public void removeAttribute(String name) {
    changed = true;
    inner.removeAttribute(name);
  }

  @Override
  public Instant getCreationTime() {
    return inner.getCreationTime();
  }

  @Override
  public void setLastAccessedTime(Instant time) {
    inner.setLastAccessedTime(time);
  }

  @Override
  public Instant getLastAccessedTime() {
    return inner.getLastAccessedTime();
  }

  @Override
  public void setMaxInactiveInterval(Duration interval) {
    changed = true;
    inner.setMaxInactiveInterval(interval);
  }

  @Override
  public Duration getMaxInactiveInterval() {
    return inner.getMaxInactiveInterval();
  }

  @Override
  public boolean isExpired() {
    return inner.isExpired();
  }
}

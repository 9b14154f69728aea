package dev.watchtower.ingest.series;

import org.jspecify.annotations.Nullable;

/**
 * A series: its labels under a number. Two are equal when their numbers are.
 *
 * @param id positive; given once and never to other labels in one store
 */
public record Series(long id, Labels labels) {

  /** The service it speaks for; never empty. */
  public String service() {
    return labels.service();
  }

  /** The environment; never empty. */
  public String env() {
    return labels.env();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Series that && that.id == id;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }
}

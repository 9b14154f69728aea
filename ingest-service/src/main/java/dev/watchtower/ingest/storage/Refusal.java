package dev.watchtower.ingest.storage;

/** Why a sample was not stored. The texts are the values of the metric's label {@code reason}. */
public enum Refusal {
  /** Labels that cannot name a series: no metric name, a name twice, not UTF-8. */
  BAD_LABELS("bad-labels"),
  /** More labels than the catalog allows. */
  TOO_MANY_LABELS("too-many-labels"),
  /** A name or value longer than the catalog allows. */
  LABEL_TOO_LONG("label-too-long"),
  /** As many series as the catalog allows. */
  SERIES_LIMIT("series-limit"),
  /** As many new series in this minute as the catalog allows. */
  NEW_SERIES_LIMIT("new-series-limit"),
  /** Older than the out-of-order window, or than retention. */
  TOO_OLD("too-old"),
  /** So far in the future that the sender's clock must be wrong. */
  FUTURE("future"),
  /** Another value is stored for the same time. */
  CONFLICT("conflict"),
  /** A form that is not understood, such as a native histogram. */
  UNSUPPORTED("unsupported"),
  /** Storage did not take it; the sender was told to try again. */
  UNAVAILABLE("unavailable");

  private final String text;

  Refusal(String text) {
    this.text = text;
  }

  /** As it stands in metrics and answers. */
  public String text() {
    return text;
  }
}

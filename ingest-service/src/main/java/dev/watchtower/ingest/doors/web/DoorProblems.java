package dev.watchtower.ingest.doors.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.BodyReader;
import dev.watchtower.ingest.doors.FaultyFieldException;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.RequestRefusedException;
import dev.watchtower.ingest.storage.WriteResult;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The doors' errors as problems. */
final class DoorProblems {
  static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(DoorProblems.class);

  private DoorProblems() {}

  /**
   * What a door makes of a body. A fault of ours becomes "not now": senders of OTLP throw away what
   * is answered with 500, and try again after 503.
   */
  static <T> BodyReader.Use<T> guarded(BodyReader.Use<T> door) {
    return (body, memory) -> {
      try {
        return door.of(body, memory);
      } catch (BadBodyException | FaultyFieldException | StoreUnavailableException e) {
        throw e;
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).addKeyValue("bytes", body.length).log("a door failed on a body");
        throw new RequestRefusedException(
            RequestRefusedException.Reason.FAULT,
            "a fault of Watchtower, see the log of ingest",
            e);
      }
    };
  }

  static Problem of(BadBodyException e) {
    var detail = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case MALFORMED -> Problem.of(400, "malformed-body", "The body cannot be read", detail);
      case TOO_LARGE -> Problem.of(413, "too-large", "The request is too large", detail);
      case UNSUPPORTED ->
          Problem.of(415, "unsupported-media-type", "The type is not taken here", detail);
    };
  }

  static Problem of(FaultyFieldException e) {
    return Problem.badField(e.path(), String.valueOf(e.getMessage()));
  }

  static Problem of(StoreUnavailableException e) {
    return Problem.unavailable(
        "Nothing of this request is acknowledged, send it again: " + e.getMessage() + ".",
        RETRY_AFTER);
  }

  /** For requests of which a part was refused: the rest is stored, sending again will not help. */
  static Problem refused(WriteResult result) {
    var refusals = result.refusals();
    return Problem.of(
            400,
            "samples-refused",
            "Some samples were refused",
            result.stored()
                + " stored, "
                + result.duplicates()
                + " there already, "
                + refusals.describe())
        .with("stored", result.stored())
        .with("duplicates", result.duplicates())
        .with("refused", refusals.total());
  }
}

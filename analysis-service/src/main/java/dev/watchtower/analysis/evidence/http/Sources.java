package dev.watchtower.analysis.evidence.http;

import dev.watchtower.analysis.evidence.SourceException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/** Turns every way in which a call can fail into one with a reason in a few words. */
final class Sources {
  private Sources() {}

  static <T> @Nullable T ask(String who, Supplier<@Nullable T> call) {
    try {
      return call.get();
    } catch (RestClientResponseException e) {
      throw new SourceException(who + " answered " + e.getStatusCode().value(), e);
    } catch (ResourceAccessException e) {
      throw new SourceException(who + " does not answer", e);
    } catch (RestClientException | IllegalArgumentException e) {
      throw new SourceException(who + " sent an answer that cannot be read", e);
    }
  }
}

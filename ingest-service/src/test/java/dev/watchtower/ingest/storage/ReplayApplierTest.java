package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReplayApplierTest {
  @Test
  void countsWhatWasStored() {
    try (var applier = new ReplayApplier(batch -> new WriteResult(3, 1, new Refusals()))) {
      applier.apply(new SampleBatch());
      applier.apply(new SampleBatch());

      assertThat(applier.finish()).isEqualTo(6);
    }
  }

  @Test
  void endsWithAnErrorAsWithAnException() {
    var error = new OutOfMemoryError("while a chunk was closed");
    try (var applier =
        new ReplayApplier(batch -> {
          throw error;
        })) {
      // More than may wait for it.
      assertThatThrownBy(
              () -> {
                for (var i = 0; i < 100; i++) {
                  applier.apply(new SampleBatch());
                }
              })
          .isInstanceOf(IllegalStateException.class)
          .hasCause(error);
      assertThatThrownBy(applier::finish).isInstanceOf(IllegalStateException.class);
    }
  }
}

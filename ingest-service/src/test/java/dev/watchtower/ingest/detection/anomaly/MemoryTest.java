package dev.watchtower.ingest.detection.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryTest {
  private static double learn(Memory memory, float... pattern) {
    double distance = memory.distance(pattern);
    memory.learn(pattern, distance);
    return distance;
  }

  @Test
  void aCategoryKnowsAllThatLiesBetweenWhatItHasSeen() {
    CategoryMemory memory = new CategoryMemory(4, 2, 0.4);
    learn(memory, 0, 0);
    learn(memory, 0.38f, 0.38f);

    assertThat(memory.distance(new float[] {0.1f, 0.3f})).isZero();
    assertThat(memory.distance(new float[] {0.38f, 0.58f})).isCloseTo(0.1, within(1e-6));
  }

  @Test
  void aPatternFarFromEveryCategoryFoundsItsOwn() {
    CategoryMemory memory = new CategoryMemory(4, 1, 0.4);
    learn(memory, 0);

    assertThat(learn(memory, 1)).isCloseTo(1, within(1e-6));
    assertThat(memory.distance(new float[] {1.1f})).isCloseTo(0.1, within(1e-6));
    assertThat(memory.distance(new float[] {0.5f})).as("not in between").isGreaterThan(0.4);
  }

  @Test
  void aFullMemoryWidensTheNearestCategory() {
    CategoryMemory memory = new CategoryMemory(2, 1, 0.1);
    learn(memory, 0);
    learn(memory, 1);

    assertThat(learn(memory, 3)).isCloseTo(2, within(1e-6));
    assertThat(memory.distance(new float[] {2})).isZero();
    assertThat(memory.distance(new float[] {0.5f})).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void aPointMemoryStaysWithinItsCapacityAndKnowsWhatItHasSeen() {
    PatternMemory memory = new PatternMemory(80, 3);
    Random random = new Random(3);
    double last = 0;
    for (int i = 0; i < 5_000; i++) {
      last = learn(memory, random.nextFloat(), random.nextFloat(), random.nextFloat());
    }

    assertThat(last).isLessThan(0.3);
    assertThat(memory.distance(new float[] {5, 5, 5})).isGreaterThan(3.9);
  }
}

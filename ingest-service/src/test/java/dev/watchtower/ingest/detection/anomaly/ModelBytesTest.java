package dev.watchtower.ingest.detection.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import dev.watchtower.ingest.golden.GoldenSignals.Point;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelBytesTest {
  private static final ServiceKey CHECKOUT = new ServiceKey("checkout", "prod");
  private static final long WINDOW = 300_000;
  private static final long STEP = WINDOW / 2;
  private static final int DAY = (int) (86_400_000 / STEP);
  private static final int INCIDENT = 5 * DAY;

  /** What a view or a guess leaves behind, and room that is not used. */
  private static final String[] SCRATCH = {
    "newest|unfitSince",
    ".*\\.detector\\.contribution",
    ".*\\.expectation\\.(bin|experts|guesses)",
    ".*\\.novelty\\.(block|outlined|bentChange|last|unit|newest)",
    ".*\\.novelty\\.[^.]*\\.(pattern|distance)",
    ".*\\.memory\\.(fitting|nearest|corners|prototypes)",
    ".*\\.season\\.(valuesPerDay|profile|knows|weekly)"
  };

  /** A daily rhythm of two signals, of which one has gaps, with an incident on the sixth day. */
  private static Map<String, @Nullable Double> values(int row) {
    Random noise = new Random(row);
    double wave = 0.5 - 0.5 * Math.cos(2 * Math.PI * row / DAY);
    boolean bad = row >= INCIDENT && row < INCIDENT + 60;
    Map<String, @Nullable Double> values = new LinkedHashMap<>();
    values.put("cpu", 10 + 50 * wave * wave + 2 * noise.nextGaussian() + (bad ? 200 : 0));
    values.put("traffic", row % 7 == 3 ? null : (Double) (1000 * wave + noise.nextInt(50)));
    return values;
  }

  private static void feed(WatchedService service, int from, int to) {
    for (int row = from; row < to; row++) {
      service.recall(List.of(new Point(row * STEP, values(row))), List.of());
    }
  }

  private static WatchedService fed(int rows) {
    WatchedService service = new WatchedService(WINDOW);
    feed(service, 0, rows);
    return service;
  }

  private static ServiceAnomalies next(WatchedService service, int row) {
    return service
        .observe(
            new SignalSnapshot(CHECKOUT, row * STEP, WINDOW, values(row), Map.of()),
            List.of(),
            new Fleet())
        .orElseThrow();
  }

  private static WatchedService again(WatchedService service) {
    byte[] packed = ModelBytes.pack(ModelBytes.write(service));
    return ModelBytes.read(ModelBytes.unpack(packed), WINDOW);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 40, 149, 700, 2 * DAY, INCIDENT + 1, INCIDENT + 30, 8 * DAY})
  void aSavedModelGoesOnAsIfNothingHadHappened(int rows) {
    WatchedService service = fed(rows);
    WatchedService loaded = again(service);

    assertThat(loaded)
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(SCRATCH)
        .withEqualsForType(Double::equals, Double.class)
        .withEqualsForType(Float::equals, Float.class)
        .isEqualTo(service);
    for (int row = rows; row < rows + 700; row++) {
      assertThat(next(loaded, row)).isEqualTo(next(service, row));
    }
    assertThat(ModelBytes.write(loaded)).isEqualTo(ModelBytes.write(service));
  }

  @Test
  void anAnomalyGoesOnWithItsBeginAndItsPeak() {
    WatchedService loaded = again(fed(INCIDENT + 20));

    var cpu = next(loaded, INCIDENT + 20).signal("cpu").orElseThrow();

    assertThat(cpu.since()).isBetween(INCIDENT * STEP, (INCIDENT + 2) * STEP);
    assertThat(cpu.peak()).isGreaterThan(Reading.ALARM);
  }

  @Test
  void knowsTheDaysThatWereLearnt() {
    WatchedService loaded = again(fed(5 * DAY));
    WatchedService anew = new WatchedService(WINDOW);
    feed(anew, 5 * DAY - 200, 5 * DAY);
    double strangest = 0;
    double strangestAnew = 0;
    for (int row = 5 * DAY; row < 5 * DAY + DAY / 2; row++) {
      // The incident is left out.
      Map<String, @Nullable Double> usual = values(row - DAY);
      SignalSnapshot snapshot = new SignalSnapshot(CHECKOUT, row * STEP, WINDOW, usual, Map.of());
      strangest = Math.max(strangest, surprise(loaded, snapshot));
      strangestAnew = Math.max(strangestAnew, surprise(anew, snapshot));
    }

    assertThat(strangest).isLessThan(strangestAnew / 2);
  }

  private static double surprise(WatchedService service, SignalSnapshot snapshot) {
    return service
        .observe(snapshot, List.of(), new Fleet())
        .orElseThrow()
        .signal("cpu")
        .orElseThrow()
        .surprise();
  }

  @Test
  void whatIsCutOffIsNotLoaded() {
    byte[] bytes = ModelBytes.write(fed(2_000));
    byte[] packed = ModelBytes.pack(bytes);
    Random random = new Random(17);

    for (int i = 0; i < 300; i++) {
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      byte[] packedCut = Arrays.copyOf(packed, random.nextInt(packed.length));

      assertThatExceptionOfType(UnreadableModelException.class)
          .isThrownBy(() -> ModelBytes.read(cut, WINDOW));
      assertThatExceptionOfType(UnreadableModelException.class)
          .isThrownBy(() -> ModelBytes.unpack(packedCut));
    }
    assertThatExceptionOfType(UnreadableModelException.class)
        .isThrownBy(() -> ModelBytes.read(Arrays.copyOf(bytes, bytes.length + 1), WINDOW));
  }

  @Test
  void aFlippedBitIsNoticedByTheChecksum() {
    byte[] bytes = ModelBytes.write(fed(2_000));
    byte[] packed = ModelBytes.pack(bytes);
    Random random = new Random(19);
    int noticed = 0;

    for (int i = 0; i < 500; i++) {
      byte[] flipped = flipped(packed, random);
      try {
        assertThat(ModelBytes.unpack(flipped)).isEqualTo(bytes);
      } catch (UnreadableModelException e) {
        noticed++;
      }
    }

    assertThat(noticed).isGreaterThan(490);
  }

  /** Without the checksum: what can be read goes on somehow, and nothing takes more room. */
  @Test
  @Timeout(60)
  void noBytesMakeADetectorFailOrTakeMuchMemory() {
    byte[] bytes = ModelBytes.write(fed(INCIDENT + 20));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Random random = new Random(23);
    int read = 0;

    for (int i = 0; i < 1_500; i++) {
      byte[] flipped = i % 3 == 0 ? overwritten(bytes, random) : flipped(bytes, random);
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        WatchedService service = ModelBytes.read(flipped, WINDOW);
        read++;
        feed(service, INCIDENT + 20, INCIDENT + 120);
      } catch (UnreadableModelException e) {
        assertThat(e).hasMessageMatching("[ a-z0-9-]+");
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4_000_000);
    }

    assertThat(read).as("most bits are of numbers, of which any is possible").isGreaterThan(300);
  }

  @Test
  void whatUnpacksToTooMuchIsNotUnpacked() {
    byte[] bomb = ModelBytes.pack(new byte[200_000_000]);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    assertThatExceptionOfType(UnreadableModelException.class)
        .isThrownBy(() -> ModelBytes.unpack(bomb));

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(6 * ModelBytes.MOST);
  }

  private static byte[] flipped(byte[] bytes, Random random) {
    byte[] flipped = bytes.clone();
    flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  /** With a number that is as large, as small or as odd as can be. */
  private static byte[] overwritten(byte[] bytes, Random random) {
    double[] odd = {0, -0.0, Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE, Double.NaN};
    ByteBuffer buffer = ByteBuffer.wrap(bytes.clone());
    return buffer
        .putDouble(random.nextInt(bytes.length - Double.BYTES), odd[random.nextInt(odd.length)])
        .array();
  }

  @Test
  void anotherWindowOrFormatIsNotLoaded() {
    byte[] bytes = ModelBytes.write(fed(200));

    assertThatExceptionOfType(UnreadableModelException.class)
        .isThrownBy(() -> ModelBytes.read(bytes, 60_000))
        .withMessage("its window is 300000 and not 60000");
    ByteBuffer.wrap(bytes).putLong(0, 99);
    assertThatExceptionOfType(UnreadableModelException.class)
        .isThrownBy(() -> ModelBytes.read(bytes, WINDOW))
        .withMessageStartingWith("its format is 99");
  }

  @Test
  void theFormatHasNotChangedUnnoticed() {
    WatchedService service = new WatchedService(WINDOW);
    service.recall(List.of(new Point(0, Map.of("cpu", 1.0))), List.of());

    assertThat(ModelBytes.write(service))
        .as("if this is another number, raise WatchedService.FORMAT")
        .hasSize(6_443);
  }
}

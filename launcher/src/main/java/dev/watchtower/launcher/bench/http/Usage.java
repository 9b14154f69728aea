package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.supervisor.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Processor time and memory of processes with all their descendants; Linux only. */
final class Usage implements AutoCloseable {
  private static final long TICKS_A_SECOND = 100;
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final List<Long> pids;
  private final AtomicLong peak = new AtomicLong();
  private final ScheduledExecutorService sampling = Executors.newSingleThreadScheduledExecutor();

  /** Watches the memory of these processes until it is closed. */
  Usage(List<Long> pids) {
    this.pids = List.copyOf(pids);
    var unused =
        sampling.scheduleWithFixedDelay(
            () -> peak.accumulateAndGet(resident(), Math::max),
            0,
            EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Most memory that was seen. */
  long peakBytes() {
    return peak.get();
  }

  private long resident() {
    return pids.stream()
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .mapToLong(Memory::residentBytes)
        .sum();
  }

  /** Processor time used so far, that of descendants that have ended included. */
  Duration cpu() {
    long ticks =
        pids.stream()
            .flatMap(pid -> ProcessHandle.of(pid).stream())
            .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
            .mapToLong(process -> ticks(process.pid()))
            .sum();
    return Duration.ofMillis(ticks * 1000 / TICKS_A_SECOND);
  }

  private static long ticks(long pid) {
    try {
      var text = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // Behind the name, which may have spaces: state is field 3; utime to cstime are 14 to 17.
      var fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
      long sum = 0;
      for (int i = 11; i <= 14; i++) {
        sum += Long.parseLong(fields[i]);
      }
      return sum;
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    sampling.shutdownNow();
  }
}

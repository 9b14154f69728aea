package dev.watchtower.launcher.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.launcher.lifecycle.Phase;
import dev.watchtower.launcher.lifecycle.ProcessEvent;
import dev.watchtower.launcher.supervisor.ProcessSpec.EndSignal;
import dev.watchtower.launcher.supervisor.ProcessSpec.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes of the operating system. */
class SupervisorIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final AtomicBoolean well = new AtomicBoolean(true);
  private final AtomicBoolean failing = new AtomicBoolean();
  private final List<Phase> phases = Collections.synchronizedList(new ArrayList<>());
  private Supervisor supervisor;

  @AfterEach
  void end() {
    if (supervisor != null) {
      supervisor.close();
    }
  }

  @Test
  void restartsAProcessThatWasKilled() throws Exception {
    var first = running("sleep 600");
    ProcessHandle.of(first).orElseThrow().destroyForcibly();
    assertThat(until(p -> p.restarts() == 1 && p.phase() == Phase.HEALTHY)).isTrue();
    assertThat(one().pid()).isNotEqualTo(first);
    assertThat(one().lastExit()).isEqualTo(137);
    assertThat(phases).contains(Phase.BACK_OFF);
  }

  @Test
  void endsProcessesInOrderWhenItIsClosed() throws Exception {
    var pid = running("trap 'echo bye; exit 0' TERM; while :; do sleep 0.1; done");
    supervisor.close();
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    assertThat(Files.readString(folder.resolve("logs/one.log"))).contains("bye");
    assertThat(new ProcessRecords(folder.resolve("pids"), folder).read()).isEmpty();
  }

  @Test
  void startsNothingAnyMoreOnceItIsBeingClosed() throws Exception {
    // Ends only when told to, so that the closing is still going on when the test asks.
    var go = folder.resolve("go");
    running(
        "trap 'while [ ! -f %s ]; do sleep 0.05; done; exit 0' TERM; while :; do sleep 0.1; done"
            .formatted(go));
    var closing = Thread.ofVirtual().start(supervisor::close);
    assertThat(until(p -> p.phase() == Phase.STOPPING)).isTrue();

    for (var event : List.of(new ProcessEvent.Start(), new ProcessEvent.Restart())) {
      assertThatThrownBy(() -> supervisor.tell("one", event))
          .isInstanceOf(IllegalStateException.class);
    }

    Files.createFile(go);
    assertThat(closing.join(LIMIT)).isTrue();
    assertThat(one().pid()).isNull();
  }

  @Test
  void goesOnWhenThereIsNoRoomForAnotherProcess() throws Exception {
    var full = new AtomicBoolean(true);
    supervisor =
        supervisor(() -> {
          if (full.get()) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return new Launch(List.of("sleep", "600"), Map.of(), folder);
        });
    supervisor.tell("one", new ProcessEvent.Start());
    assertThat(until(p -> p.phase() == Phase.BACK_OFF)).isTrue();

    full.set(false);

    assertThat(until(p -> p.phase() == Phase.HEALTHY)).isTrue();
  }

  @Test
  void asksAgainHowAProcessIsAfterItCouldNotBeAsked() throws Exception {
    failing.set(true);
    running("sleep 600");

    assertThat(failing.get()).as("it was asked in vain once").isFalse();
  }

  private boolean isWell() {
    if (failing.getAndSet(false)) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    return well.get();
  }

  @Test
  void keepsWhatTheProcessPrints() throws Exception {
    running("echo out; echo err >&2; sleep 600");
    supervisor.close();
    assertThat(Files.readString(folder.resolve("logs/one.log"))).contains("out\n", "err\n");
  }

  @Test
  void notesThePidSoThatAnotherSupervisorFindsTheProcess() throws Exception {
    var pid = running("sleep 600");
    var entry = new ProcessRecords(folder.resolve("pids"), folder).read().getFirst();
    assertThat(entry.pid()).isEqualTo(pid);
    assertThat(entry.process()).map(ProcessHandle::pid).contains(pid);
    var recycled = new ProcessRecords.Entry(entry.name(), entry.pid(), "1000");
    assertThat(recycled.process()).isEmpty();
  }

  @Test
  void holdsAProcessDownUntilTheLeaseIsReleased() throws Exception {
    var pid = running("sleep 600");
    assertThat(supervisor.tell("one", new ProcessEvent.HoldDown("l", Duration.ofMinutes(5))))
        .isEmpty();
    assertThat(until(p -> p.phase() == Phase.HELD_DOWN && p.pid() == null)).isTrue();
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    supervisor.tell("one", new ProcessEvent.Release("l"));
    assertThat(until(p -> p.phase() == Phase.HEALTHY)).isTrue();
  }

  @Test
  void reportsAProcessThatDoesNotAnswerButLetsItRun() throws Exception {
    var pid = running("sleep 600");
    well.set(false);
    assertThat(until(p -> p.phase() == Phase.UNHEALTHY)).isTrue();
    assertThat(one().pid()).isEqualTo(pid);
  }

  @Test
  void backsOffFromAProgramThatCannotBeStarted() throws Exception {
    supervisor = supervisor(List.of("/does/not/exist"));
    supervisor.tell("one", new ProcessEvent.Start());
    assertThat(until(p -> p.phase() == Phase.BACK_OFF)).isTrue();
    assertThat(Files.readString(folder.resolve("logs/one.log"))).isNotEmpty();
  }

  @Test
  void knowsOnlyItsOwnProcesses() throws Exception {
    running("sleep 600");
    assertThatThrownBy(() -> supervisor.tell("two", new ProcessEvent.Start()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void letsAProcessStepBackForOthers() throws Exception {
    assumeThat(Path.of("/proc/self/stat")).exists();
    supervisor = supervisor(new Launch(List.of("sleep", "600"), Map.of(), folder, 7));
    supervisor.tell("one", new ProcessEvent.Start());

    assertThat(until(p -> p.phase() == Phase.HEALTHY)).isTrue();
    var stat = Path.of("/proc", Long.toString(one().pid()), "stat");
    assertThat(until(p -> text(stat).contains("(sleep)"))).as("the shell made way").isTrue();
    assertThat(niceness(stat)).isEqualTo(Math.min(19, niceness(Path.of("/proc/self/stat")) + 7));
  }

  @Test
  void tellsTheMemoryOfAProcess() throws Exception {
    running("sleep 600");
    assertThat(Memory.residentBytes(ProcessHandle.current())).isGreaterThan(10 << 20);
    assertThat(Memory.ownResidentBytes(ProcessHandle.current())).isGreaterThan(10 << 20);
  }

  /** Field 19; the second one, the name, may hold blanks and ends with the last bracket. */
  private static int niceness(Path stat) {
    return Integer.parseInt(text(stat).replaceAll("^.*\\) ", "").split(" ", -1)[16]);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long running(String script) throws IOException, InterruptedException {
    supervisor = supervisor(List.of("sh", "-c", script));
    supervisor.tell("one", new ProcessEvent.Start());
    assertThat(until(p -> p.phase() == Phase.HEALTHY)).isTrue();
    return one().pid();
  }

  @SystemEdge("the processes are real")
  private Supervisor supervisor(List<String> command) throws IOException {
    return supervisor(new Launch(command, Map.of(), folder));
  }

  @SystemEdge("the processes are real")
  private Supervisor supervisor(Launch launch) throws IOException {
    return supervisor(() -> launch);
  }

  @SystemEdge("the processes are real")
  private Supervisor supervisor(Supplier<Launch> launch) throws IOException {
    var spec = new ProcessSpec("one", 1, true, launch, this::isWell, EndSignal.TERM);
    return new Supervisor(
        List.of(spec),
        folder.resolve("logs"),
        new ProcessRecords(folder.resolve("pids"), folder),
        Clock.systemUTC(),
        (before, after) -> phases.add(after.phase()));
  }

  private ProcessSnapshot one() {
    return supervisor.process("one").orElseThrow();
  }

  private boolean until(Predicate<ProcessSnapshot> condition) throws InterruptedException {
    return supervisor.await(all -> condition.test(all.getFirst()), LIMIT);
  }
}

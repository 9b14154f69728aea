package dev.watchtower.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.test.MutableClock;
import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.IncidentModel.Known;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Random operations from a seed on two instances, each checked against the model at once. */
final class ModelRun {
  private static final int SERVICES = 5;
  private static final int RULES = 3;

  private final List<ServiceInstance> instances;
  private final MutableClock clock;
  private final Random random;
  private final String seed;
  private final IncidentModel model = new IncidentModel();
  private int notes;
  private int step;

  ModelRun(List<ServiceInstance> instances, MutableClock clock, long seed) {
    this.instances = instances;
    this.clock = clock;
    this.random = new Random(seed);
    // Runs share a database: each has services of its own.
    this.seed = Long.toString(seed);
  }

  IncidentModel model() {
    return model;
  }

  /** One operation. */
  void step() {
    step++;
    clock.advance(
        random.nextInt(12) == 0
            ? Duration.ofSeconds(1 + random.nextInt(400))
            : Duration.ofMillis(1 + random.nextInt(500)));
    awaitResolutions();
    awaitRaised();
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> signal(SignalStatus.FIRING);
      case 6, 7, 8, 9, 10 -> signal(SignalStatus.CLEARED);
      case 11, 12, 13, 14 -> transition();
      case 15, 16 -> annotate();
      case 17 -> assign();
      case 18 -> merge();
      default -> split();
    }
  }

  private String as(String what) {
    return "seed %s, step %d: %s".formatted(seed, step, what);
  }

  private Api api() {
    return instances.get(random.nextInt(instances.size())).api();
  }

  private void awaitResolutions() {
    for (var known : model.resolvedBy(clock.instant())) {
      await(as("resolved by the quiet period: " + known.id))
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> api().get("/api/v1/incidents/" + known.id).text("state").equals("RESOLVED"));
    }
  }

  private void awaitRaised() {
    for (var kept : model.raisedBy(clock.instant())) {
      await(as("raised again: " + kept.fingerprint() + " of " + kept.incident().id))
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> holding(kept).isPresent());
      refresh(holding(kept).orElseThrow());
    }
  }

  private Optional<String> holding(IncidentModel.Kept kept) {
    return api()
        .get("/api/v1/incidents?service=" + kept.service())
        .body()
        .path("items")
        .valueStream()
        .filter(i -> !i.path("state").asString().equals("RESOLVED"))
        .filter(i ->
            i.path("signals")
                .valueStream()
                .anyMatch(s -> s.path("fingerprint").asString().equals(kept.fingerprint())))
        .map(i -> i.path("id").asString())
        .findFirst();
  }

  private void signal(SignalStatus status) {
    var service = "m" + seed + "-" + random.nextInt(SERVICES);
    var rule = "r" + random.nextInt(RULES);
    var fingerprint = rule + "|" + service;
    var body =
        new Signal(
            UUID.randomUUID(),
            fingerprint,
            SignalKind.THRESHOLD,
            status,
            rule,
            service,
            "prod",
            service.endsWith("0") ? Severity.SEV1 : Severity.SEV3,
            "it is wrong",
            clock.instant(),
            null,
            null);
    boolean openQuestion =
        status == SignalStatus.FIRING && model.isOpenQuestion(service, fingerprint);
    var answer =
        random.nextInt(4) == 0
            ? onBoth(api -> api.post("/api/v1/signals", body)).stream()
                .filter(a -> a.status() == 202)
                .reduce((a, b) -> {
                  throw new AssertionError(as("one signal was taken twice"));
                })
                .orElseThrow()
            : api().post("/api/v1/signals", body);
    assertThat(answer.status()).as(as(answer.body().toString())).isEqualTo(202);
    var touched = answer.text("incident");
    model.took(fingerprint, status == SignalStatus.FIRING);
    if (openQuestion) {
      if (!touched.isEmpty()) {
        refresh(touched);
      }
      return;
    }
    var holder = model.holderOf(service, fingerprint);
    boolean news;
    if (holder.isPresent()) {
      news =
          status == SignalStatus.FIRING
              ? model.fired(holder.get(), fingerprint, clock.instant())
              : model.cleared(holder.get(), fingerprint, clock.instant());
      boolean ignored = answer.text("effect").equals("IGNORED");
      assertThat(ignored).as(as("whether it changes anything")).isEqualTo(!news);
      boolean has = holder.get().firing.containsKey(fingerprint);
      assertThat(touched).as(as("the incident")).isEqualTo(has ? holder.get().id : "");
    } else if (status == SignalStatus.FIRING) {
      assertThat(touched).as(as("an incident is opened")).isNotEmpty();
      var opened = model.opened(touched, service);
      model.fired(opened, fingerprint, clock.instant());
    } else {
      assertThat(touched).as(as("nothing is open")).isEmpty();
    }
    holder.ifPresent(this::check);
  }

  private void transition() {
    if (model.all().isEmpty()) {
      return;
    }
    var known = any();
    var event = IncidentEvent.values()[random.nextInt(IncidentEvent.values().length)];
    boolean allowed = model.sent(known, event, clock.instant());
    var path = "/api/v1/incidents/" + known.id + "/transitions";
    var body = Map.of("event", event.name(), "comment", "step " + step);
    var statuses =
        random.nextInt(3) == 0
            ? onBoth(api -> api.post(path, body)).stream().map(Api.Answer::status).sorted().toList()
            : List.of(api().post(path, body).status());
    var refused = statuses.size() == 2 ? List.of(409, 409) : List.of(409);
    var won = statuses.size() == 2 ? List.of(200, 409) : List.of(200);
    assertThat(statuses).as(as(event + " in " + known.state)).isEqualTo(allowed ? won : refused);
    check(known);
  }

  private void annotate() {
    if (model.all().isEmpty()) {
      return;
    }
    var known = any();
    var texts = List.of("note " + seed + "/" + ++notes, "note " + seed + "/" + ++notes);
    var answers = new ArrayList<Api.Answer>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Api.Answer>>();
      for (int i = 0; i < instances.size(); i++) {
        var api = instances.get(i).api();
        var text = texts.get(i);
        running.add(
            executor.submit(() ->
                api.post("/api/v1/incidents/" + known.id + "/annotations", Map.of("text", text))));
      }
      for (var one : running) {
        answers.add(one.get());
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(as("annotations"), e);
    }
    assertThat(answers).as(as("annotations")).allMatch(a -> a.status() / 100 == 2);
    known.notes.addAll(texts);
  }

  private void assign() {
    if (model.all().isEmpty()) {
      return;
    }
    var known = any();
    var person = "p" + random.nextInt(3);
    var answer =
        api().post("/api/v1/incidents/" + known.id + "/assignee", Map.of("assignee", person));
    assertThat(answer.status()).as(as("assignee")).isEqualTo(known.isOver() ? 409 : 200);
    if (!known.isOver()) {
      assertThat(instances.getFirst().api().get("/api/v1/incidents/" + known.id).text("assignee"))
          .as(as("assignee"))
          .isEqualTo(person);
    }
  }

  private void merge() {
    var open = model.all().stream().filter(k -> !k.isOver()).toList();
    if (open.size() < 2 || random.nextInt(2) == 0) {
      return;
    }
    var from = open.get(random.nextInt(open.size()));
    var into = open.get(random.nextInt(open.size()));
    var answer = api().post("/api/v1/incidents/" + from.id + "/merge", Map.of("into", into.id));
    assertThat(answer.status())
        .as(as("merge"))
        .isIn(from == into ? List.of(409) : List.of(200, 409));
    if (answer.status() == 200) {
      refresh(from.id);
      refresh(into.id);
      assertThat(from.state).as(as("merged")).isEqualTo(IncidentState.RESOLVED);
    }
  }

  private void split() {
    for (var known : model.all()) {
      var others =
          known.firing.keySet().stream().filter(f -> !f.endsWith("|" + known.service)).toList();
      if (known.isOver() || others.isEmpty()) {
        continue;
      }
      var service = others.getFirst().substring(others.getFirst().indexOf('|') + 1);
      var fingerprints = others.stream().filter(f -> f.endsWith("|" + service)).toList();
      var answer =
          api()
              .post(
                  "/api/v1/incidents/" + known.id + "/split", Map.of("fingerprints", fingerprints));
      assertThat(answer.status()).as(as("split " + answer.body())).isIn(200, 409);
      if (answer.status() == 200) {
        refresh(known.id);
        refresh(answer.text("id"));
      }
      return;
    }
  }

  private Known any() {
    var all = model.all();
    // The newest are of more interest than those that are long over.
    int back = Math.min(all.size(), 1 + random.nextInt(8));
    return all.get(all.size() - back);
  }

  private void check(Known known) {
    assertThat(api().get("/api/v1/incidents/" + known.id).text("state"))
        .as(as(known.id))
        .isEqualTo(known.state.name());
  }

  private void refresh(String id) {
    var body = api().get("/api/v1/incidents/" + id).body();
    var known = model.find(id).orElseGet(() -> model.opened(id, body.path("service").asString()));
    var firing = new LinkedHashMap<String, Boolean>();
    for (JsonNode signal : body.path("signals")) {
      firing.put(
          signal.path("fingerprint").asString(), signal.path("status").asString().equals("FIRING"));
    }
    model.adopt(
        known, IncidentState.valueOf(body.path("state").asString()), firing, clock.instant());
  }

  private List<Api.Answer> onBoth(Function<Api, Api.Answer> call) {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          instances.stream().map(i -> executor.submit(() -> call.apply(i.api()))).toList();
      var answers = new ArrayList<Api.Answer>();
      for (var one : running) {
        answers.add(one.get());
      }
      return answers;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(as("both at once"), e);
    }
  }
}

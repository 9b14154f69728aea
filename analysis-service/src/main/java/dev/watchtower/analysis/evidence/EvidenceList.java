package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.Episode;
import dev.watchtower.common.wire.AnalysisView.Evidence;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The facts as a numbered list, {@code e1, e2, …}: the closed set that hypotheses cite. Immutable
 * once built.
 */
public final class EvidenceList {
  private final List<Evidence> items = new ArrayList<>();
  private final Map<Object, String> ids = new HashMap<>();
  private final Facts facts;

  public EvidenceList(Facts facts) {
    this.facts = facts;
    var to = facts.window().to();
    for (var signal : facts.signals()) {
      add(
          signal,
          "SIGNAL",
          signal.service(),
          signal.rule(),
          Wording.signal(signal),
          signal.firedAt(),
          signal.clearedAt());
    }
    for (var deviation : facts.deviations()) {
      add(
          deviation,
          "DEVIATION",
          deviation.service(),
          deviation.metric(),
          Wording.deviation(deviation),
          deviation.onset(),
          to);
    }
    for (var past : facts.past()) {
      add(
          past,
          "DEVIATION",
          past.deviation().service(),
          past.deviation().metric(),
          Wording.past(past),
          past.deviation().onset(),
          past.ended());
    }
    for (var edge : facts.graph().edges()) {
      add(edge, "DEPENDENCY", edge.caller(), null, Wording.edge(edge), null, null);
    }
    for (var change : facts.changes()) {
      add(change, "CHANGE", change.service(), null, Wording.change(change), change.time(), null);
    }
    for (var missing : facts.missing()) {
      add(missing, "MISSING", null, null, missing, facts.window().quietFrom(), to);
    }
  }

  private void add(
      Object fact,
      String kind,
      @Nullable String service,
      @Nullable String metric,
      String summary,
      @Nullable Instant from,
      @Nullable Instant to) {
    var id = "e" + (items.size() + 1);
    ids.put(fact, id);
    items.add(new Evidence(id, kind, service, metric, Wording.line(summary, 300), from, to));
  }

  /** All pieces, in the order of their ids. */
  public List<Evidence> items() {
    return List.copyOf(items);
  }

  /** What the list was made from. */
  public Facts facts() {
    return facts;
  }

  /** The piece of that id. */
  public Optional<Evidence> find(String id) {
    return items.stream().filter(e -> e.id().equals(id)).findFirst();
  }

  /** The id of a fact that is in the list. */
  public String idOf(Deviation deviation) {
    return id(deviation);
  }

  /** The id of a fact that is in the list. */
  public String idOf(Episode past) {
    return id(past);
  }

  /** The id of a fact that is in the list. */
  public String idOf(CallGraph.Edge edge) {
    return id(edge);
  }

  /** The id of a fact that is in the list. */
  public String idOf(ChangeEvent change) {
    return id(change);
  }

  /** The id of a fact that is in the list. */
  public String idOf(IncidentSignal signal) {
    return id(signal);
  }

  /**
   * Whether the piece tells what happens: neither sent by anybody, nor missing, nor over before.
   */
  public boolean isTelling(Evidence piece) {
    return piece.kind().equals("SIGNAL")
        || (piece.kind().equals("DEVIATION")
            && facts.past().stream().noneMatch(past -> idOf(past).equals(piece.id())));
  }

  private String id(Object fact) {
    var id = ids.get(fact);
    if (id == null) {
      throw new IllegalArgumentException("not in this list: " + fact);
    }
    return id;
  }
}

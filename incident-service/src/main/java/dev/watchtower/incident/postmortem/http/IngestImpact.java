package dev.watchtower.incident.postmortem.http;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Catalog.GoldenSignal;
import dev.watchtower.common.catalog.Slo;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.incident.postmortem.Impact;
import dev.watchtower.incident.postmortem.Impact.Figure;
import dev.watchtower.incident.postmortem.ImpactQueries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/**
 * Impacts from the peer {@code ingest}: how it stands with the objectives ({@code GET
 * /api/v1/slo}), and queries. At most {@value #MAX_SLOS} objectives; each call is given up after
 * {@link #LIMIT}, and after one that is not answered none is made any more, so that a draft waits
 * for a part that is down or slow once and not for every figure.
 */
public final class IngestImpact implements Impact.Source {
  static final Duration LIMIT = Duration.ofSeconds(3);
  private static final int MAX_SLOS = 10;
  private static final Duration BEFORE = Duration.ofHours(1);
  private static final List<String> SIGNALS = List.of("traffic", "error_rate", "latency_p95");
  private static final ParameterizedTypeReference<PageOf<Standing>> PAGE =
      new ParameterizedTypeReference<>() {};

  /** The part of an objective's standing that is asked about. */
  record Standing(String name, double total, @Nullable Double budgetLeft) {}

  /** The part of a query's answer that is asked about; a value is a time and a text. */
  record Answer(@Nullable Vector data) {
    record Vector(@Nullable List<Sample> result) {}

    record Sample(@Nullable List<Object> value) {}
  }

  private final Peers peers;
  private final Supplier<Catalog> catalog;

  /** Impacts by the objectives and golden signals of the catalog as it is at each call. */
  public IngestImpact(Peers peers, Supplier<Catalog> catalog) {
    this.peers = peers;
    this.catalog = catalog;
  }

  @Override
  public Impact measure(Impact.Span span) {
    var current = catalog.get();
    var asking = new Asking();
    var slos =
        current.slos().stream()
            .filter(slo -> slo.env().equals(span.env()) && span.touched().contains(slo.service()))
            .limit(MAX_SLOS)
            .toList();
    var standing = slos.isEmpty() ? Map.<String, Standing>of() : asking.standing();
    return new Impact(
        slos.stream().map(slo -> budget(slo, standing.get(slo.name()), span, asking)).toList(),
        current.goldenSignals().stream()
            .filter(signal -> SIGNALS.contains(signal.name()))
            .map(signal -> golden(signal, span, asking))
            .toList());
  }

  private static Impact.Budget budget(
      Slo slo, @Nullable Standing standing, Impact.Span span, Asking asking) {
    var length = Duration.between(span.from(), span.to());
    var total = asking.figure(ImpactQueries.total(slo, length), span.to());
    var counted = asking.figure(ImpactQueries.goodOrBad(slo, length), span.to());
    var bad = badOf(total, counted, ImpactQueries.isBadCounted(slo));
    var share = over(bad, total instanceof Figure.Known known ? known.value() : 0);
    var left =
        standing == null || standing.budgetLeft() == null
            ? new Figure.Unknown(asking.whyOr("ingest has no data for this objective"))
            : new Figure.Known(standing.budgetLeft());
    var spent =
        standing == null
            ? new Figure.Unknown(asking.whyOr("ingest does not know this objective"))
            : over(bad, standing.total() * (1 - slo.objective()));
    return new Impact.Budget(
        slo.title(), slo.objective() * 100, slo.period().toDays(), spent, left, share);
  }

  // Where nothing bad was ever counted, its counter is not there yet.
  private static Figure badOf(Figure total, Figure counted, boolean isBad) {
    if (!(total instanceof Figure.Known all)) {
      return total;
    }
    return switch (counted) {
      case Figure.Known known -> {
        double bad = isBad ? known.value() : all.value() - known.value();
        yield new Figure.Known(Math.max(0, bad));
      }
      case Figure.Unknown unknown ->
          unknown.why().equals(Asking.NO_DATA)
              ? new Figure.Known(isBad ? 0 : all.value())
              : unknown;
    };
  }

  private static Figure over(Figure part, double whole) {
    return switch (part) {
      case Figure.Known known when whole > 0 -> new Figure.Known(known.value() / whole);
      case Figure.Known known -> new Figure.Unknown("nothing happened that is counted");
      case Figure.Unknown unknown -> unknown;
    };
  }

  private static Impact.Golden golden(GoldenSignal signal, Impact.Span span, Asking asking) {
    var length = Duration.between(span.from(), span.to());
    return new Impact.Golden(
        signal.name(),
        asking.figure(ImpactQueries.highest(signal, span.service(), span.env(), length), span.to()),
        asking.figure(ImpactQueries.mean(signal, span.service(), span.env(), BEFORE), span.from()));
  }

  /** The calls of one measurement; for one thread. */
  private final class Asking {
    static final String NO_DATA = "there is no data";
    private @Nullable String fault;

    Map<String, Standing> standing() {
      PageOf<Standing> page = null;
      try {
        page =
            call(
                () -> peers.client("ingest", LIMIT).get().uri("/api/v1/slo").retrieve().body(PAGE));
      } catch (RestClientResponseException e) {
        fault = "ingest answered " + e.getStatusCode().value();
      }
      return page == null || page.items() == null
          ? Map.of()
          : page.items().stream()
              .collect(Collectors.toMap(Standing::name, Function.identity(), (a, b) -> a));
    }

    Figure figure(String query, Instant at) {
      if (fault != null) {
        return new Figure.Unknown(fault);
      }
      var form = new LinkedMultiValueMap<String, String>();
      form.add("query", query);
      form.add("time", at.toString());
      try {
        var answer =
            call(() ->
                peers
                    .client("ingest", LIMIT)
                    .post()
                    .uri("/api/v1/query")
                    .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                    .body(form)
                    .retrieve()
                    .body(Answer.class));
        return answer == null ? new Figure.Unknown(whyOr(NO_DATA)) : valueOf(answer);
      } catch (RestClientResponseException e) {
        return new Figure.Unknown("ingest answered " + e.getStatusCode().value());
      }
    }

    String whyOr(String otherwise) {
      return fault == null ? otherwise : fault;
    }

    // A refusal is about one query; no answer is about all that follow.
    private <T> @Nullable T call(Supplier<@Nullable T> call) {
      try {
        return call.get();
      } catch (RestClientResponseException e) {
        if (e.getStatusCode().is4xxClientError()) {
          throw e;
        }
        fault = "ingest answered " + e.getStatusCode().value();
      } catch (RestClientException e) {
        fault = "ingest does not answer";
      }
      return null;
    }

    private static Figure valueOf(Answer answer) {
      var result = answer.data() == null ? null : answer.data().result();
      if (result == null || result.isEmpty()) {
        return new Figure.Unknown(NO_DATA);
      }
      var value = result.getFirst().value();
      try {
        double figure = value == null ? Double.NaN : Double.parseDouble(value.getLast().toString());
        return Double.isFinite(figure)
            ? new Figure.Known(figure)
            : new Figure.Unknown("the figure is no number");
      } catch (NumberFormatException e) {
        return new Figure.Unknown("the figure is no number");
      }
    }
  }
}

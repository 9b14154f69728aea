package dev.watchtower.analysis.model;

import dev.watchtower.analysis.evidence.EvidenceList;
import dev.watchtower.analysis.ranking.Suspect;
import dev.watchtower.analysis.report.Findings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Has the model word the findings, within a hard time limit, and falls back to the statistics on
 * any fault, saying why. Safe for several threads; at most {@code concurrency} questions are under
 * way, those given up on included.
 */
public final class Interpreter {
  /** With less time than this left the model is not asked. */
  private static final Duration LEAST = Duration.ofMillis(200);

  private final @Nullable LanguageModel model;
  private final AnswerReader reader;
  private final ModelGate gate;
  private final Clock clock;
  private final Semaphore room;

  /**
   * @param model absent: none is configured
   */
  public Interpreter(
      @Nullable LanguageModel model,
      AnswerReader reader,
      ModelGate gate,
      Clock clock,
      int concurrency) {
    this.model = model;
    this.reader = reader;
    this.gate = gate;
    this.clock = clock;
    this.room = new Semaphore(concurrency);
  }

  /**
   * What came of it.
   *
   * @param worded whether the findings are the model's
   * @param degraded why they are not, or what of its answer was dropped; null when all is well
   * @param tokens what it cost, 0 when it was not asked
   */
  public record Interpretation(
      Findings findings,
      boolean worded,
      @Nullable String degraded,
      @Nullable String model,
      long tokens) {}

  /**
   * The model's findings, or {@code statistical} with the reason; returns within {@code limit}.
   *
   * @param known names of services and rules that the catalog has; others are told as data
   */
  public Interpretation interpret(
      EvidenceList evidence,
      List<Suspect> suspects,
      Findings statistical,
      Set<String> known,
      Duration limit) {
    if (model == null) {
      return fallback(statistical, "no model configured", 0);
    }
    if (evidence.items().stream().allMatch(e -> e.kind().equals("MISSING"))) {
      return fallback(statistical, "there is no evidence to ask the model about", 0);
    }
    var refusal = gate.refusal(clock.instant());
    if (refusal.isPresent()) {
      return fallback(statistical, refusal.get(), 0);
    }
    if (limit.compareTo(LEAST) < 0) {
      return fallback(statistical, "no time was left for the model", 0);
    }
    if (!room.tryAcquire()) {
      return fallback(statistical, "the model is busy with other incidents", 0);
    }
    long tokens = 0;
    try {
      var reply = ask(model, Briefing.question(evidence, suspects, known), limit);
      tokens = reply.tokens();
      var checked = AnswerCheck.check(reader.read(reply.text()), evidence, statistical);
      gate.answered(clock.instant(), tokens);
      return new Interpretation(
          checked.findings(),
          true,
          checked.notes().isEmpty() ? null : String.join("; ", checked.notes()),
          model.name(),
          tokens);
    } catch (ModelException e) {
      long spent = Math.max(tokens, e.tokens());
      gate.failed(clock.instant(), spent);
      return fallback(statistical, String.valueOf(e.getMessage()), spent);
    }
  }

  /** Asks on another thread, so that a model that ignores its time limit holds nobody up. */
  private LanguageModel.Reply ask(LanguageModel asked, String question, Duration limit) {
    var answer = new CompletableFuture<LanguageModel.Reply>();
    var thread =
        Thread.ofVirtual()
            .name("model")
            .start(() -> {
              try {
                answer.complete(asked.ask(Briefing.INSTRUCTIONS, question, limit));
              } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
              } finally {
                room.release();
              }
            });
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new ModelException(
          "the model did not answer within " + seconds(limit),
          e,
          LanguageModel.estimatedTokens(Briefing.INSTRUCTIONS.length() + question.length()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ModelException known) {
        throw known;
      }
      var cause = e.getCause() == null ? e : e.getCause();
      throw new ModelException("the model failed (" + cause.getClass().getSimpleName() + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.interrupt();
      throw new ModelException("the service is stopping", e);
    }
  }

  private Interpretation fallback(Findings statistical, String reason, long tokens) {
    return new Interpretation(
        statistical, false, reason, model == null || tokens == 0 ? null : model.name(), tokens);
  }

  private static String seconds(Duration limit) {
    return String.format(Locale.ROOT, "%.1f s", limit.toMillis() / 1000.0);
  }
}

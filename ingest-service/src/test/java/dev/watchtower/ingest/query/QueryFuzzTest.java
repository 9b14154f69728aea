package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged queries, from a fixed seed: each is answered or refused, none takes long. */
class QueryFuzzTest {
  private static final List<String> PIECES =
      List.of(
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          "\"",
          "'",
          "`",
          "\\",
          ":",
          "@",
          ",",
          "-",
          "^",
          " offset ",
          " bool ",
          " by ",
          " on ",
          " group_left ",
          "[5m]",
          "[1h:1ms]",
          "{a=~\"(a|b)*c\"}",
          "1e999",
          "0x",
          "9y",
          "Inf",
          "NaN",
          "start()",
          "\0",
          "ü",
          "😀",
          "#",
          "\n",
          "((((((((",
          "rate(");

  @Test
  void answersOrRefusesEveryQuery() {
    HandMadeStore store = new HandMadeStore();
    for (int s = 0; s < 300; s += 15) {
      store.add("gauge{job=\"a\",inst=\"1\"}", 1_700_000_000 + s, s);
      store.add("counter{job=\"" + "a".repeat(100) + "\",inst=\"1\"}", 1_700_000_000 + s, s);
    }
    QueryLimits limits = QueryLimits.DEFAULT;
    QueryEngine engine = new QueryEngine(store, limits, System::nanoTime);
    List<String> valid = new ArrayList<>(PromqlQueries.QUERIES);
    valid.addAll(PromqlQueries.random(11, 200));
    Random random = new Random(20_261_122);
    int answered = 0;
    for (int round = 0; round < 6_000; round++) {
      String query = damaged(valid.get(random.nextInt(valid.size())), random);
      long from = System.nanoTime();
      try {
        Expr expr = Parser.parse(query);
        if (expr.type() == Expr.ValueType.INSTANT_VECTOR) {
          engine.range(expr, 1_700_000_000_000L, 1_700_000_200_000L, 50_000);
        } else {
          engine.instant(expr, 1_700_000_100_000L);
        }
        answered++;
      } catch (QueryException e) {
        assertThat(e.getMessage()).isNotEmpty();
      } catch (RuntimeException | StackOverflowError e) {
        fail("round " + round + ": " + query, e);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - from))
          .as("round %d: %s", round, query)
          .isLessThan(limits.timeout().plusSeconds(2));
    }
    assertThat(answered).isGreaterThan(300);
  }

  private static String damaged(String valid, Random random) {
    StringBuilder text = new StringBuilder(valid);
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
        case 2 -> text.insert(at, text.substring(Math.min(at, text.length() / 2)));
        default -> text.insert(at, (char) (32 + random.nextInt(95)));
      }
    }
    return text.toString();
  }
}

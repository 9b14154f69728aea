package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.watchtower.ingest.series.Matcher;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParserTest {

  @Test
  void readsASelectorWithAllFourMatchers() {
    assertThat(Parser.parse("up{a=\"1\", b!='2', c=~\"x|y\", d!~`z`,} offset 1m30s"))
        .isEqualTo(
            new Expr.VectorSelector(
                List.of(
                    Matcher.eq("__name__", "up"),
                    Matcher.eq("a", "1"),
                    new Matcher("b", Matcher.Op.NE, "2"),
                    new Matcher("c", Matcher.Op.RE, "x|y"),
                    new Matcher("d", Matcher.Op.NRE, "z")),
                90_000));
  }

  @Test
  void readsANameInQuotesInsideTheBraces() {
    assertThat(Parser.parse("{\"up\", job=\"x\"}")).isEqualTo(Parser.parse("up{job=\"x\"}"));
  }

  @Test
  void onlyANameBeforeTheBracesExcludesOthers() {
    assertThat(Parser.parse("{__name__=\"up\",__name__!=\"x\",\"y\"}"))
        .isEqualTo(
            new Expr.VectorSelector(
                List.of(
                    Matcher.eq("__name__", "up"),
                    new Matcher("__name__", Matcher.Op.NE, "x"),
                    Matcher.eq("__name__", "y")),
                0));
    for (String twice : List.of("up{__name__!=\"x\"}", "up{\"y\"}", "up{__name__=~\"y\"}")) {
      assertThatExceptionOfType(QueryException.class)
          .as(twice)
          .isThrownBy(() -> Parser.parse(twice))
          .withMessageContaining("metric name must not be set twice");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sum(up,)", "rate(up[5m],)", "topk(1,up,)", "round(up,)", "time(,)"})
  void refusesArgumentsThatEndWithAComma(String query) {
    assertThatExceptionOfType(QueryException.class).isThrownBy(() -> Parser.parse(query));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1__0", "1_", "1_.5", "1._5", "1e_5", "0x"})
  void refusesUnderscoresThatSeparateNothing(String number) {
    assertThatExceptionOfType(QueryException.class).isThrownBy(() -> Parser.parse(number));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + 2 * 3       | 1 + (2 * 3)",
        "2 ^ 3 ^ 2       | 2 ^ (3 ^ 2)",
        "-2 ^ 2          | -(2 ^ 2)",
        "a and b or c    | (a and b) or c",
        "a or b unless c | a or (b unless c)",
        "a > b + 1       | a > (b + 1)",
        "a - b - c       | (a - b) - c",
        "sum(a) by (b)   | sum by (b) (a)",
        "a / on(x) b * c | (a / on(x) b) * c",
        "-a * b          | (-a) * b",
        "5m              | 300",
        "rate(a[60])     | rate(a[1m])",
        "SUM(a)          | sum(a)",
        "a # remark      | a",
      })
  void bindsAsPrometheusDoes(String written, String meant) {
    assertThat(Parser.parse(written)).isEqualTo(Parser.parse(meant));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0x1F | 31",
        "1e3  | 1000",
        ".5   | 0.5",
        "1_000 | 1000",
        "1_000.000_5 | 1000.0005",
        ".123_456_789 | 0.123456789",
        "0x_53_AB_F3_82 | 1403777922",
        "0     | 0",
        "010   | 8",
        "018   | 18",
        "010.5 | 10.5",
        "010e1 | 100",
        "0777777777777777777777777 | 777777777777777777777777",
        "1h30m | 5400",
        "500ms | 0.5",
      })
  void readsNumbers(String written, double value) {
    assertThat(Parser.parse(written)).isEqualTo(new Expr.NumberLiteral(value));
  }

  @Test
  void readsEscapesInStrings() {
    assertThat(Parser.parse("\"a\\n\\x41\\u00e9\\\"\""))
        .isEqualTo(new Expr.StringLiteral("a\nAé\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\\xc3\\xa9        | é",
        "\\303\\251        | é",
        "<\\xf0\\237\\x98\\x80> | <😀>",
        "\\101\\x42        | AB",
        "\\xe9            | \ufffd",
        "a\\xc3b          | a\ufffdb",
        "\\U0001F600      | 😀",
      })
  void readsEscapesOfBytesAsUtf8(String written, String value) {
    assertThat(Parser.parse("\"" + written + "\"")).isEqualTo(new Expr.StringLiteral(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\400", "\\ud800", "\\U00110000", "\\x+1", "\\x4", "\\08", "\\8", "\\U"})
  void refusesEscapesThatPrometheusRefuses(String written) {
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> Parser.parse("\"" + written + "\""))
        .withMessageContaining("1:2: parse error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "up{                    | 1:4: parse error: unexpected end of input",
        "up{a=1}                | 1:6: parse error: unexpected number 1 in label matching, expected string",
        "up{a=~\"(\"}           | 1:7: parse error: not a regular expression: (",
        "{a=\"\"}               | 1:1: parse error: vector selector must contain at least one non-empty matcher",
        "rate(up)               | 1:1: parse error: expected type range vector in call to function \"rate\", got instant vector",
        "up[5m]+1               | 1:7: parse error: binary expression must contain only scalar and instant vector types",
        "1 > 2                  | 1:3: parse error: comparisons between scalars must use BOOL modifier",
        "1 and up               | 1:3: parse error: set operator \"and\" not allowed in binary scalar expression",
        "up and on(a) group_left(b) up | 1:14: parse error: no grouping allowed for \"and\" operation",
        "info(up)               | 1:1: parse error: unknown or unsupported function with name \"info\"",
        "limitk(2, up)          | 1:1: parse error: unknown or unsupported function with name \"limitk\"",
        "limitk by (job) (2, up) | 1:1: parse error: unknown or unsupported function with name \"limitk\"",
        "limit_ratio without (job) (0.5, up) | 1:1: parse error: unknown or unsupported function with name \"limit_ratio\"",
        "rate by (job) (up[1m])  | 1:6: parse error: unexpected identifier \"by\" before arguments",
        "rate((1)[5m:1m])       | 1:9: parse error: subquery is only allowed on instant vector, got scalar",
        "up @ 1 @ 2             | 1:8: parse error: @ <timestamp> may not be set multiple times",
        "topk(up)               | 1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1",
        "up[0s]                 | 1:4: parse error: duration must be greater than 0",
        "up[5m1h]               | 1:4: parse error: not a valid duration string",
        "up offset 1m offset 1m | 1:14: parse error: offset may not be set multiple times",
        "sum(up) offset 1m      | 1:9: parse error: offset modifier must be preceded by",
        "up ) | 1:4: parse error: unexpected \")\" after the expression",
        "1 + bool 2 | 1:5: parse error: bool modifier can only be used on comparison operators",
        "up \"x | 1:4: parse error: unterminated quoted string",
        "ü | 1:1: parse error: unexpected character: 'ü'",
        "1x | 1:1: parse error: bad number or duration syntax",
        "(up)[5m] | 1:5: parse error: ranges only allowed for vector selectors",
        "(up) offset 5m | 1:6: parse error: offset modifier must be preceded by",
        "(up[5m]) @ 1 | 1:10: parse error: @ modifier must be preceded by",
        "up{__name__=~\"a\"} | 1:14: parse error: metric name must not be set twice",
      })
  void saysWhereAFaultIs(String query, String message) {
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> Parser.parse(query))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.BAD_DATA))
        .withMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1s", "1", "1_", "0xa", "0xa_", "1ms", "1.", "1e", "a:"})
  @Timeout(20)
  void readsOrRefusesWhatGoesOnForLong(String part) {
    for (String end : List.of("", "z", ".", "_")) {
      String query = part.repeat(Parser.MAX_LENGTH / part.length() - 5) + end;
      assertThat(catchThrowable(() -> Parser.parse("up[" + query + "]")))
          .isInstanceOf(QueryException.class);
      Throwable thrown = catchThrowable(() -> Parser.parse(query));
      assertThat(thrown == null || thrown instanceof QueryException).isTrue();
    }
  }

  /** Longer than a query may be: what takes time with the square of its length takes a minute. */
  @Test
  @Timeout(5)
  void cutsALongTextInTimeInProportion() {
    assertThat(Lexer.tokens("1+".repeat(80_000))).hasSize(160_001);
    assertThat(Lexer.tokens('"' + "\\x41b".repeat(40_000) + '"')).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "# only a remark"})
  void refusesAnEmptyQuery(String query) {
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> Parser.parse(query))
        .withMessage("1:1: parse error: no expression found in input");
  }

  @Test
  void refusesWhatIsTooLongOrTooDeep() {
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> Parser.parse("a".repeat(Parser.MAX_LENGTH + 1)));
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> Parser.parse("(".repeat(5_000) + "1" + ")".repeat(5_000)))
        .withMessageContaining("nested too deeply");
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> Parser.parse("-".repeat(10_000) + "1"))
        .withMessageContaining("nested too deeply");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1%s",
        "vector(1%s)",
        "sum(x%s)",
        "(((1%s)%s)%s)",
        "x%s",
        "-(1%s)",
        "sum(x%s)[5m:1m]"
      })
  void refusesALongChainWhereItsTreeIsTooDeep(String form) {
    for (var operator : List.of("+1", " or x", "^2", "*x")) {
      var chain = operator.repeat(Math.min(7_000, 16_000 / operator.length() / 3));
      assertThatExceptionOfType(QueryException.class)
          .isThrownBy(() -> Parser.parse(form.replace("%s", chain)))
          .isInstanceOf(QueryException.class);
    }
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> Parser.parse(form.replace("%s", "+1".repeat(Parser.MAX_DEPTH))))
        .withMessageContaining("nested too deeply");
  }

  @Test
  void countsTheDepthOfWhatStandsSideBySideOnce() {
    var part = "(x" + "+x".repeat(Parser.MAX_DEPTH - 60) + ")";

    assertThat(Parser.parse(part + (" or " + part).repeat(20))).isInstanceOf(Expr.Binary.class);
  }

  @Test
  void countsLinesInTheMessage() {
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> Parser.parse("sum(\n  up{\n"))
        .withMessageStartingWith("3:1:");
  }
}

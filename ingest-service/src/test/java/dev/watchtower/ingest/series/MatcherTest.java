package dev.watchtower.ingest.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What RE2 and Java's regular expressions mean differently. */
class MatcherTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "[[:alpha:]]+     ~ abc      ~ true",
        "[[:alpha:]]+     ~ a:c      ~ false",
        "[[:^digit:]x]+   ~ ax       ~ true",
        "[[:^digit:]x]+   ~ 1        ~ false",
        "[[:word:]-]+     ~ a_1-b    ~ true",
        "[a&&b]           ~ a        ~ true",
        "[a&&b]           ~ &        ~ true",
        "[a&&b]           ~ c        ~ false",
        "[[a]             ~ [        ~ true",
        "[]a]+            ~ a]       ~ true",
        "[^]a]            ~ ]        ~ false",
        "(?P<n>a+)b       ~ aab      ~ true",
        "a{b}             ~ a{b}     ~ true",
        "a{,2}            ~ a{,2}    ~ true",
        "a{2}             ~ aa       ~ true",
        "a{2,}            ~ aaa      ~ true",
        "\\p{Greek}+      ~ αβ       ~ true",
        "\\p{^Greek}+     ~ ab       ~ true",
        "\\PL+            ~ 12       ~ true",
        "[\\p{Greek}\\]]+ ~ α]       ~ true",
        "\\Q[a&&b]\\E     ~ [a&&b]   ~ true",
        "(?i)ABC|\\[x\\]  ~ [x]      ~ true",
        "(?i)ärger.*       ~ ÄRGER      ~ true",
        "ärger.*           ~ ÄRGER      ~ false",
        "a[\\v]\\vb       ~ a\u000b\u000bb ~ true",
        "a\\vb            ~ a\u0085b   ~ false",
        "5..              ~ 503      ~ true",
      })
  void meansTheSameAsInPrometheus(String regex, String value, boolean matches) {
    assertThat(new Matcher("l", Matcher.Op.RE, regex).test().test(value)).isEqualTo(matches);
    assertThat(new Matcher("l", Matcher.Op.NRE, regex).test().test(value)).isEqualTo(!matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(?U)a+", "a\\C", "[[:letters:]]", "[abc", "(", "a\\"})
  void refusesWhatItCannotDo(String regex) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Matcher("l", Matcher.Op.RE, regex));
  }

  @Test
  void namesGroupsForLabelReplace() {
    assertThat(Matcher.finder("(?P<first>[^.]+)\\..*").apply("a.b").group(1)).isEqualTo("a");
  }
}

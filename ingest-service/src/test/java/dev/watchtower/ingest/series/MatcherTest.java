package dev.watchtower.ingest.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
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
        "\\x{2013}a       ~ \u2013a  ~ true",
        "\\x{41}{2}\\x{42}* ~ AABB   ~ true",
      })
  void meansTheSameAsInPrometheus(String regex, String value, boolean matches) {
    assertThat(new Matcher("l", Matcher.Op.RE, regex).test().test(value)).isEqualTo(matches);
    assertThat(new Matcher("l", Matcher.Op.NRE, regex).test().test(value)).isEqualTo(!matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(?U)a+", "(?x)a +", "a\\C", "[[:letters:]]", "[abc", "(", "a\\"})
  void refusesWhatItCannotDo(String regex) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Matcher("l", Matcher.Op.RE, regex));
  }

  /** As RE2 has it: Java would repeat what reads no character until the end of all days. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a{1001}",
        "a{1001,}",
        "a{1,1001}",
        "(?:^){2147483647}",
        "a{99999999999}",
        "(?:(?:^){2147483647}){2147483647}",
        "(?:a{100}b{10}){11}",
        "(?P<n>(?:[a-z](?i:a|b{40})){5}){6}",
        "(?:(?:^){1000})\\Q\\E{1000}",
        "a{1000}{1000}",
        "(?:^){1000}\\Q\\E{1000}",
      })
  void refusesRepetitionsBeyondThoseOfRe2(String regex) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Matcher("l", Matcher.Op.RE, regex))
        .withMessageContaining("repetition");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a{1000}|(?:b{10}c{1,100}){10}      ~ x   ~ false",
        "(?:a{500}){0}(?:b{3}){300}|(?:x?){2} ~ xx ~ true",
        "(?:a{2,})+?b*+(?i:C)??              ~ aaab ~ true",
        "\\bx\\b|^$                       ~ x   ~ true",
        "(?:^)?(?:\\b)*x(?:$)+              ~ x   ~ true",
        "\\Qa*\\E{2}                        ~ a** ~ true",
      })
  void allowsTheOthers(String regex, String value, boolean matches) {
    assertThat(new Matcher("l", Matcher.Op.RE, regex.replace("\\\\", "\\")).test().test(value))
        .isEqualTo(matches);
  }

  /** Ways that read no character are counted too. */
  @ParameterizedTest
  @ValueSource(strings = {"(?:^|^)", "^?", "(?:$)?", "(?:a*|b*)", "(?:\\b)??(?:^)*?(?:\\z)?"})
  void endsASearchWithoutEnd(String part) {
    var test = new Matcher("l", Matcher.Op.RE, part.repeat(60) + "x").test();

    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> test.test(""))
                .withMessageContaining("takes too long"));
  }

  @Test
  void findsAfterTheSameCharacters() {
    assertThat(Matcher.finder("(a|b)(.*)").apply("bcd").group(2)).isEqualTo("cd");
    assertThat(Matcher.finder("(|a)(.*)").apply("").group(1)).isEmpty();
  }

  @Test
  void namesGroupsForLabelReplace() {
    assertThat(Matcher.finder("(?P<first>[^.]+)\\..*").apply("a.b").group(1)).isEqualTo("a");
  }
}

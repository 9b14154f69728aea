package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelBookTest {
  private LabelBook book = new LabelBook();

  @Test
  void findsEachOfManySeriesByItsVeryBytes() {
    for (var i = 0; i < 20_000; i++) {
      remember(name(i), head(i));
    }

    for (var i = 0; i < 20_000; i++) {
      var place = book.find(key(name(i)));
      assertThat(book.head(place).series().id()).isEqualTo(i + 1);
      assertThat(book.length(place)).isEqualTo(name(i).length());
    }
    assertThat(book.find(key(name(20_000)))).isEqualTo(LabelBook.NONE);
    assertThat(book.find(key(name(5) + "x"))).isEqualTo(LabelBook.NONE);
  }

  @Test
  void guessesWhatFollowedLastTimeOnlyWhereItsBytesStand() {
    remember("first", head(1));
    remember("second", head(2));
    var first = book.find(key("first"));
    var second = book.find(key("second"));
    var request = "..secondthird".getBytes(StandardCharsets.UTF_8);

    assertThat(book.following(first, request, 2, request.length)).isEqualTo(LabelBook.NONE);
    book.follows(first, second);

    assertThat(book.following(first, request, 2, request.length)).isEqualTo(second);
    assertThat(book.following(first, request, 3, request.length)).isEqualTo(LabelBook.NONE);
    assertThat(book.following(first, request, 2, 7)).isEqualTo(LabelBook.NONE);
  }

  @Test
  void keepsTheGuessesWhenItGrows() {
    remember("a", head(1));
    remember("b", head(2));
    book.follows(book.find(key("a")), book.find(key("b")));
    for (var i = 0; i < 5_000; i++) {
      remember(name(i), head(i + 10));
    }

    var guess = book.following(book.find(key("a")), new byte[] {'b'}, 0, 1);

    assertThat(book.head(guess).series().id()).isEqualTo(3);
  }

  @Test
  void takesTheNewerOfTwoSeriesOfTheSameBytes() {
    remember("same", head(1));
    remember("same", head(2));

    assertThat(book.head(book.find(key("same"))).series().id()).isEqualTo(3);
    assertThat(book.grown().find(key("same"))).isEqualTo(1);
  }

  @Test
  void doesNotFindASeriesThatIsGone() {
    var gone = head(1);
    remember("old", gone);
    remember("new", head(2));
    assertThat(book.hasGone()).isFalse();

    gone.sealedOn(1);
    gone.retire(10);

    assertThat(book.hasGone()).isTrue();
    assertThat(book.find(key("old"))).isEqualTo(LabelBook.NONE);
    assertThat(book.find(key("new"))).isNotEqualTo(LabelBook.NONE);
  }

  @Test
  void keepsNamesOfAnyLength() {
    var random = new Random(3);
    for (var i = 0; i < 40; i++) {
      remember("x".repeat(random.nextInt(300_000)) + i, head(i));
    }
    remember("y".repeat(3_000_000), head(100));
    remember("z", head(101));

    assertThat(book.head(book.find(key("y".repeat(3_000_000)))).series().id()).isEqualTo(101);
    assertThat(book.head(book.find(key("z"))).series().id()).isEqualTo(102);
  }

  private void remember(String text, Head head) {
    if (book.isFull()) {
      book = book.grown();
    }
    book.add(key(text), head);
  }

  private static String name(int i) {
    return "series-" + i * 7919;
  }

  private static LabelKey key(String text) {
    var bytes = ("--" + text + "--").getBytes(StandardCharsets.UTF_8);
    return new LabelKey().over(bytes, 2, bytes.length - 2);
  }

  private static Head head(int i) {
    var labels = Labels.of(Labels.METRIC_NAME, "m", "i", "" + i);
    return new Head(new Series(i + 1L, labels), new ServiceClock("s", "e"), Long.MIN_VALUE);
  }
}

package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.query.Value.Sample;
import dev.watchtower.ingest.series.Labels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is remembered of the label sets of the instants before. */
class LabelRowTest {
  private static final Labels A = Labels.of("pod", "a", "zone", "1");
  private static final Labels B = Labels.of("pod", "b", "zone", "2");
  private static final Labels C = Labels.of("pod", "c", "zone", "1");

  private final LabelRow row = new LabelRow();

  private static List<Sample> samples(Labels... labels) {
    return Arrays.stream(labels).map(l -> new Sample(l, l.value(0).charAt(0))).toList();
  }

  @Test
  void someOfTheSameInTheSameOrderAreFound() {
    row.remember(samples(A, B, C));

    assertThat(row.places(samples(A, B, C))).startsWith(0, 1, 2);
    assertThat(row.places(samples(A, C))).startsWith(0, 2);
    assertThat(row.places(samples(C))).startsWith(2);
    assertThat(row.places(samples())).isNotNull();
  }

  @Test
  void othersAreNotNorTheSameInAnotherOrderOrTwice() {
    row.remember(samples(A, C));

    assertThat(row.places(samples(A, B))).isNull();
    assertThat(row.places(samples(C, A))).isNull();
    assertThat(row.places(samples(A, A))).isNull();
    assertThat(row.places(samples(A, C, B))).isNull();
  }

  @Test
  void whatComesTwiceIsRefusedAlsoAfterItWasFine() {
    var uniqueness = new Uniqueness();

    assertThat(uniqueness.of(samples(A, B)).samples()).hasSize(2);
    assertThat(uniqueness.of(samples(A)).samples()).hasSize(1);
    assertThatThrownBy(() -> uniqueness.of(samples(A, B, A)))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("same labelset");
    assertThatThrownBy(() -> uniqueness.of(samples(B, B))).isInstanceOf(QueryException.class);
    assertThat(uniqueness.of(samples(A, B)).samples()).hasSize(2);
  }

  @Test
  void groupsStandInTheOrderOfTheirFirstSamplesAtEachInstant() {
    var budget = new Budget(QueryLimits.DEFAULT, System::nanoTime, null, null);
    var groups = new GroupRow(new LabelMemo(budget), new Expr.Grouping(false, List.of("zone")));
    var one = Labels.of("zone", "1");
    var two = Labels.of("zone", "2");

    var all = groups.of(samples(A, B, C));
    assertThat(all.labels()).containsExactly(one, two);
    assertThat(all.of()).containsExactly(0, 1, 0);
    assertThat(all.sizes()).startsWith(2, 1);
    var withoutFirst = groups.of(samples(B, C));
    assertThat(withoutFirst.labels()).containsExactly(two, one);
    assertThat(withoutFirst.of()).containsExactly(0, 1);
    var turned = groups.of(samples(C, B, A));
    assertThat(turned.labels()).containsExactly(one, two);
    assertThat(turned.of()).containsExactly(0, 1, 0);
    assertThat(groups.of(samples()).labels()).isEmpty();
  }

  @Test
  void valuesGoToTheirColumnsWhateverIsMissing() {
    var columns = new Columns(new Budget(QueryLimits.DEFAULT, System::nanoTime, null, null));
    columns.add(1, samples(A, B));
    columns.add(2, samples(B));
    columns.add(3, samples(C, B));
    columns.add(4, samples(A, C));

    var points = columns.drained();

    assertThat(points).extracting(Value.Points::labels).containsExactly(A, B, C);
    assertThat(points.get(0).times()).containsExactly(1, 4);
    assertThat(points.get(1).times()).containsExactly(1, 2, 3);
    assertThat(points.get(2).times()).containsExactly(3, 4);
    assertThat(points.get(2).values()).containsExactly('c', 'c');
  }
}

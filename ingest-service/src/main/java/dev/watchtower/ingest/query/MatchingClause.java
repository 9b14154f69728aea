package dev.watchtower.ingest.query;

import dev.watchtower.ingest.query.Expr.VectorMatching.Cardinality;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code on(a) group_left(b)} between two operands.
 *
 * @param cardinality null where no {@code group_…} was written
 */
record MatchingClause(
    boolean on, List<String> labels, @Nullable Cardinality cardinality, List<String> include) {

  /** Reads the clause, if there is one. */
  static @Nullable MatchingClause read(TokenCursor cursor, BinaryOp op) {
    Token token = cursor.peek();
    if (!token.isWord("on") && !token.isWord("ignoring")) {
      if (token.isWord("group_left") || token.isWord("group_right")) {
        throw cursor.unexpected(token, "without on or ignoring before it");
      }
      return null;
    }
    cursor.next();
    boolean on = token.isWord("on");
    List<String> labels = cursor.labelList("in grouping opts");
    Token group = cursor.peek();
    if (!group.isWord("group_left") && !group.isWord("group_right")) {
      return new MatchingClause(on, labels, null, List.of());
    }
    cursor.next();
    if (op.isSet()) {
      throw cursor.fault(group, "no grouping allowed for \"" + op.symbol() + "\" operation");
    }
    Cardinality cardinality =
        group.isWord("group_left") ? Cardinality.MANY_TO_ONE : Cardinality.ONE_TO_MANY;
    List<String> include = cursor.peek().is("(") ? cursor.labelList("in grouping opts") : List.of();
    for (String label : include) {
      if (on && labels.contains(label)) {
        throw cursor.fault(
            group, "label \"" + label + "\" must not occur in ON and GROUP clause at once");
      }
    }
    return new MatchingClause(on, labels, cardinality, include);
  }

  Expr.VectorMatching matching(Cardinality standard) {
    return new Expr.VectorMatching(
        on, labels, cardinality == null ? standard : cardinality, include);
  }
}

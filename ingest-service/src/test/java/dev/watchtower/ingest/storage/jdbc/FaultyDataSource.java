package dev.watchtower.ingest.storage.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Real connections, of which a test can hold up the opening and the commit, or have them fail. */
public final class FaultyDataSource {
  /** What happens, or the test's own in its place. */
  @FunctionalInterface
  public interface Call {
    void run() throws SQLException;
  }

  /** What a test does where a call was. */
  @FunctionalInterface
  public interface Fault {
    void instead(Call call) throws SQLException;
  }

  private final DataSource real;
  private volatile Fault atOpening = Call::run;
  private volatile Fault atCommit = Call::run;
  private volatile boolean losing;
  private final BlockingQueue<Connection> lost = new LinkedBlockingQueue<>();

  public FaultyDataSource(DataSource real) {
    this.real = real;
  }

  /** From now on this is done where a connection is opened; the call does nothing. */
  public void atOpening(Fault fault) {
    atOpening = fault;
  }

  /**
   * From now on this is done where a transaction is committed, or an update that is one by itself;
   * the call commits.
   */
  public void atCommit(Fault fault) {
    atCommit = fault;
  }

  /**
   * Whoever commits next hears nothing of it and gives up, while the server is still at it, until
   * {@link #commitLost}.
   */
  public void loseNextCommit() {
    losing = true;
  }

  /** Now the server commits what was lost. */
  public void commitLost() throws SQLException {
    try (var connection = lost.remove()) {
      connection.commit();
    }
  }

  public DataSource dataSource() {
    return proxy(
        DataSource.class,
        (_, method, arguments) -> {
          if (!method.getName().equals("getConnection")) {
            return invoke(real, method, arguments);
          }
          atOpening.instead(() -> {});
          return connection(real.getConnection());
        });
  }

  private Connection connection(Connection connection) {
    var gone = new AtomicBoolean();
    return proxy(
        Connection.class,
        (_, method, arguments) -> {
          if (gone.get()) {
            return null;
          }
          if (method.getName().equals("commit")) {
            commit(connection, gone, connection::commit);
            return null;
          }
          var made = invoke(connection, method, arguments);
          return made instanceof PreparedStatement statement && connection.getAutoCommit()
              ? committing(statement, connection, gone)
              : made;
        });
  }

  /** Its updates are transactions of their own. */
  private PreparedStatement committing(
      PreparedStatement statement, Connection connection, AtomicBoolean gone) {
    return proxy(
        PreparedStatement.class,
        (_, method, arguments) -> {
          if (gone.get()) {
            return null;
          }
          if (!method.getName().equals("executeUpdate")) {
            return invoke(statement, method, arguments);
          }
          if (losing) {
            connection.setAutoCommit(false);
            statement.executeUpdate();
          }
          var rows = new AtomicInteger();
          commit(connection, gone, () -> rows.set(statement.executeUpdate()));
          return rows.get();
        });
  }

  private void commit(Connection connection, AtomicBoolean gone, Call call) throws SQLException {
    if (losing) {
      losing = false;
      gone.set(true);
      lost.add(connection);
      throw new SQLException("read timed out");
    }
    atCommit.instead(call);
  }

  private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            FaultyDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}

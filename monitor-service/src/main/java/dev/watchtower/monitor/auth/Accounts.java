package dev.watchtower.monitor.auth;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The users, in memory with every change kept in the store first. Safe for use by several threads.
 */
public final class Accounts {
  /** The most there may be. */
  public static final int MAX = 1_000;

  private final AccountStore store;
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();

  /** The users in the store. */
  public Accounts(AccountStore store) {
    this.store = store;
    store.load().forEach(a -> accounts.put(a.name(), a));
  }

  /** The user of that name, in any case. */
  public Optional<Account> find(String name) {
    return Optional.ofNullable(accounts.get(name.toLowerCase(Locale.ROOT)));
  }

  /** All users by name. */
  public List<Account> all() {
    return accounts.values().stream().sorted(Comparator.comparing(Account::name)).toList();
  }

  /** Whether there is none yet. */
  public boolean isEmpty() {
    return accounts.isEmpty();
  }

  /** Adds a user; false if the name is taken or there are too many. */
  public synchronized boolean add(Account account) {
    if (accounts.size() >= MAX || accounts.containsKey(account.name())) {
      return false;
    }
    store.save(account);
    accounts.put(account.name(), account);
    return true;
  }

  /** What became of a change. */
  public sealed interface Change {
    /** Done. */
    record Made(Account account) implements Change {}

    /** There is no such user. */
    record Unknown() implements Change {}

    /** It would leave nobody who can administer. */
    record LastAdmin() implements Change {}
  }

  /** Changes a user. */
  public synchronized Change change(String name, UnaryOperator<Account> change) {
    var before = find(name).orElse(null);
    if (before == null) {
      return new Change.Unknown();
    }
    var after = change.apply(before);
    if (administers(before)
        && !administers(after)
        && accounts.values().stream().filter(Accounts::administers).count() == 1) {
      return new Change.LastAdmin();
    }
    store.save(after);
    accounts.put(after.name(), after);
    return new Change.Made(after);
  }

  private static boolean administers(Account account) {
    return account.role() == Role.ADMIN && !account.disabled();
  }
}

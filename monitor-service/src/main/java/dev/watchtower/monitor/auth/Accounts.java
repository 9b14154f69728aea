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

  /** What became of a new user. */
  public enum Addition {
    /** Done. */
    MADE,
    /** There is a user of that name. */
    NAME_TAKEN,
    /** There are {@link #MAX} already. */
    FULL
  }

  /** Adds a user, if the name is free and there is room. */
  public synchronized Addition add(Account account) {
    if (accounts.containsKey(account.name())) {
      return Addition.NAME_TAKEN;
    }
    if (accounts.size() >= MAX) {
      return Addition.FULL;
    }
    store.save(account);
    accounts.put(account.name(), account);
    return Addition.MADE;
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

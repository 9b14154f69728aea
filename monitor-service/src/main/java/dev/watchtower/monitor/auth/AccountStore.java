package dev.watchtower.monitor.auth;

import java.util.List;

/** Where accounts are kept. */
public interface AccountStore {
  /** All of them. */
  List<Account> load();

  /** Keeps one, new or changed. */
  void save(Account account);
}

package dev.watchtower.monitor.fallback;

import dev.watchtower.monitor.lastknown.MaintenanceWindow;
import dev.watchtower.monitor.probe.TargetList;
import dev.watchtower.monitor.statuspage.PublicWork;
import java.time.Instant;
import java.util.List;

/** Whether an outage is one that was planned. Pure. */
public final class PlannedWork {
  private PlannedWork() {}

  /**
   * Whether one of {@code windows} is in force at {@code now} for what is down. Watchtower's own
   * parts are down by plan only where the window names the part, or their environment: work on
   * "everything" is work on what is watched.
   */
  public static boolean covers(List<MaintenanceWindow> windows, Outage outage, Instant now) {
    var meant =
        outage.env().equals(TargetList.OWN_ENV)
            ? windows.stream().filter(window -> names(window, outage)).toList()
            : windows;
    return PublicWork.covers(meant, outage.service(), outage.env(), now);
  }

  private static boolean names(MaintenanceWindow window, Outage outage) {
    return window.services().contains(outage.service())
        || window.environments().contains(outage.env());
  }
}

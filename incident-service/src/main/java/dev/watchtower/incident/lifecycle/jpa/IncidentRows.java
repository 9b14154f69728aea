package dev.watchtower.incident.lifecycle.jpa;

import dev.watchtower.common.wire.IncidentState;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

/** The table {@code incident}. */
interface IncidentRows extends JpaRepository<IncidentRow, UUID> {
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query("select i from IncidentRow i where i.id = ?1")
  Optional<IncidentRow> lockById(UUID id);

  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query("select i from IncidentRow i where i.id in ?1 order by i.id")
  List<IncidentRow> lockByIds(Collection<UUID> ids);

  @Lock(LockModeType.PESSIMISTIC_WRITE)
  Optional<IncidentRow> findByServiceAndEnvAndStateNot(
      String service, String env, IncidentState state);

  List<IncidentRow> findByServiceInAndEnvAndStateNotOrderByNumber(
      Collection<String> services, String env, IncidentState state);

  @Query(
      """
      select i.id from IncidentRow i
      where i.autoResolveAt <= ?1 and i.state = dev.watchtower.common.wire.IncidentState.MITIGATED
      order by i.autoResolveAt
      """)
  List<UUID> dueForAutoResolve(Instant now, Limit limit);

  @Query("select i.id from IncidentRow i where i.calmAt <= ?1 order by i.calmAt")
  List<UUID> dueForCalm(Instant now, Limit limit);
}

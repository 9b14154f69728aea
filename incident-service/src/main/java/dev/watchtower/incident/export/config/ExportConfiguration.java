package dev.watchtower.incident.export.config;

import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.incident.export.BundleDesk;
import dev.watchtower.incident.export.Seal;
import dev.watchtower.incident.export.Sealer;
import dev.watchtower.incident.lifecycle.IncidentViews;
import dev.watchtower.incident.lifecycle.Incidents;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.postmortem.Postmortems;
import dev.watchtower.incident.remediation.Repairs;
import dev.watchtower.incident.statusupdate.StatusUpdates;
import dev.watchtower.incident.timeline.Timeline;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ExportConfiguration {
  @Bean
  BundleDesk bundleDesk(
      Incidents incidents,
      IncidentViews views,
      Timeline timeline,
      StatusUpdates statusUpdates,
      Repairs repairs,
      Notices notices,
      Postmortems postmortems,
      Transactions transactions) {
    return new BundleDesk(
        new BundleDesk.Sources(
            incidents, views, timeline, statusUpdates, repairs, notices, postmortems),
        transactions);
  }

  // The key that signs the service's tokens: who trusts those has its public half already. What is
  // signed begins with '{', a token with 'wt_': neither can be taken for the other.
  @Bean
  Sealer sealer(KeyFiles keys, @Value("${watchtower.service}") String service) {
    return document -> {
      var key = keys.privateKey(service);
      var publicKey =
          keys.publicKey(service)
              .orElseThrow(
                  () -> new IllegalStateException("the public key of " + service + " is gone"));
      return Seal.of(document, service, key, publicKey);
    };
  }
}

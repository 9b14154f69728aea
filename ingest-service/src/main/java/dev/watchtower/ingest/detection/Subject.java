package dev.watchtower.ingest.detection;

import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.Labels;

/**
 * What a rule is decided on: a service, or one of its series.
 *
 * @param labels of the series; empty for a service as a whole
 */
record Subject(String rule, ServiceKey key, Labels labels) {
  String fingerprint() {
    return Fingerprint.of(rule, key.service(), key.env(), labels);
  }
}

/** The bodies that the dashboard reads, as contracts.md and `common.wire` give them. Times are ISO 8601 unless said. */

export type Severity = 'SEV1' | 'SEV2' | 'SEV3' | 'SEV4';
export type IncidentState = 'OPEN' | 'ACKNOWLEDGED' | 'INVESTIGATING' | 'IDENTIFIED' | 'MITIGATED' | 'RESOLVED';
export type IncidentEvent =
  | 'ACKNOWLEDGE'
  | 'INVESTIGATE'
  | 'IDENTIFY'
  | 'MITIGATE'
  | 'RECOVER'
  | 'REGRESS'
  | 'RESOLVE'
  | 'DISMISS';

/** Golden signals by name; ratios 0..1, latencies in seconds, traffic in requests a second; null: no data. */
export type SignalName = 'traffic' | 'error_rate' | 'latency_p50' | 'latency_p95' | 'latency_p99' | 'cpu' | 'memory';
export type SignalValues = Partial<Record<SignalName, number | null>>;

/** The message of `/topic/metrics.{env}.{service}`; `ts` in milliseconds. */
export interface SignalsBatch {
  env: string;
  service: string;
  seq?: number;
  ts: number;
  signals: SignalValues;
}

export interface HistoryPoint {
  ts: number;
  signals: SignalValues;
}

export interface History {
  service: string;
  env: string;
  points: HistoryPoint[];
}

export interface CatalogService {
  name: string;
  title: string;
  owner?: string | null;
  tier: number;
  environments: string[];
  dependencies: string[];
  runbook?: string | null;
}

/** A threshold rule of the catalog, so that charts can show the limit. */
export interface Rule {
  name: string;
  signal?: SignalName | null;
  comparison?: string | null;
  threshold?: number | null;
  services: string[];
  runbook?: string | null;
}

export type HealthState = 'UP' | 'DOWN' | 'UNKNOWN';

/** One probed thing; `kind` says whether it is a part of Watchtower or a watched service. */
export interface Health {
  name: string;
  kind: 'watchtower' | 'target';
  service?: string | null;
  env?: string | null;
  state: HealthState;
  since?: string | null;
  lastCheck?: string | null;
  latencyMillis?: number | null;
  detail?: string | null;
}

export interface SignalEvidence {
  expression: string;
  value?: number | null;
  threshold?: number | null;
  from?: string | null;
  to?: string | null;
  labels?: Record<string, string>;
}

export interface IncidentSignal {
  fingerprint: string;
  kind: string;
  status: 'FIRING' | 'CLEARED';
  rule: string;
  service: string;
  severity: Severity;
  summary: string;
  firedAt: string;
  clearedAt?: string | null;
  evidence?: SignalEvidence | null;
}

export interface Incident {
  id: string;
  number: number;
  title: string;
  state: IncidentState;
  severity: Severity;
  service: string;
  env: string;
  version: number;
  openedAt: string;
  acknowledgedAt?: string | null;
  mitigatedAt?: string | null;
  resolvedAt?: string | null;
  assignee?: string | null;
  allowedEvents: IncidentEvent[];
  signals: IncidentSignal[];
  recurrenceOf?: string | null;
}

export interface Actor {
  type: 'PERSON' | 'POLICY' | 'SERVICE';
  name: string;
}

export type TimelineKind =
  | 'SIGNAL_FIRED'
  | 'SIGNAL_CLEARED'
  | 'STATE_CHANGED'
  | 'CHANGE_EVENT'
  | 'ANNOTATION'
  | 'ANALYSIS'
  | 'REMEDIATION'
  | 'NOTIFICATION'
  | 'ESCALATION'
  | 'STATUS_UPDATE';

export interface TimelineEntry {
  seq: number;
  ts: string;
  kind: TimelineKind;
  actor: Actor;
  summary: string;
  data?: Record<string, unknown> | null;
  hash?: string;
}

export interface Evidence {
  id: string;
  kind: string;
  service?: string | null;
  metric?: string | null;
  summary: string;
  from?: string | null;
  to?: string | null;
}

export interface Analysis {
  id: string;
  incidentId: string;
  status: 'RUNNING' | 'DONE' | 'FAILED';
  source: 'LLM' | 'STATISTICAL';
  degraded?: string | null;
  candidates: { service: string; signal: string; score: number; evidence: string[] }[];
  hypotheses: { rank: number; statement: string; confidence: number; evidence: string[] }[];
  suggestions: { text: string; kind: string; evidence: string[] }[];
  risk?: { level: string; blastRadius: string[]; why: string } | null;
  evidence: Evidence[];
  model?: string | null;
  tokens?: number;
  millis?: number;
  createdAt: string;
}

export interface ChangeEvent {
  id: string;
  source: string;
  type: string;
  service?: string | null;
  env?: string | null;
  time: string;
  summary: string;
  data?: Record<string, unknown>;
}

export interface Experiment {
  name: string;
  title: string;
  hypothesis: string;
  kind: string;
  service: string;
  env: string;
  target?: string | null;
  parameters: Record<string, unknown>;
  durationSeconds?: number;
  /** ISO 8601 duration, where `durationSeconds` is not given. */
  duration?: string | number;
  blind?: boolean;
  /** False when this chaos-service does not know the kind of attack. */
  possible?: boolean;
}

export type RunState = 'STARTING' | 'RUNNING' | 'STOPPING' | 'ENDED' | 'FAILED';

export interface Run {
  id: string;
  experiment: string;
  kind: string;
  target: string;
  env: string;
  parameters: Record<string, unknown>;
  state: RunState;
  blind: boolean;
  startedBy: string;
  startedAt: string;
  endsAt: string;
  endedAt?: string | null;
  endReason?: string | null;
  log: { at: string; text: string }[];
}

export interface Remediation {
  id: string;
  incidentId?: string | null;
  playbook: string;
  action: string;
  service: string;
  env?: string | null;
  state: string;
  /** The signal that started it, in words. */
  trigger?: string | null;
  detail?: string | null;
  at: string;
  endedAt?: string | null;
}

/** How it stands with a channel: OK, NOT_CONFIGURED or BROKEN. */
export interface ChannelStatus {
  name: string;
  kind: string;
  state: string;
  waiting: number;
  reason?: string | null;
  since?: string | null;
}

export interface Notification {
  id: string;
  channel: string;
  kind: string;
  /** What it tells of, one phrase. */
  about?: string | null;
  incidentId?: string | null;
  number?: number | null;
  state: string;
  attempt: number;
  reason?: string | null;
  createdAt: string;
  dueAt?: string | null;
  doneAt?: string | null;
}

export interface LogLine {
  at: string;
  level: string;
  message: string;
  logger?: string | null;
  trace?: string | null;
  exception?: string | null;
  fields: Record<string, unknown>;
}

export interface Me {
  name: string;
  roles: string[];
  scopes: string[];
  mustChangePassword: boolean;
}

export interface User {
  name: string;
  roles: string[];
  disabled?: boolean;
  mustChangePassword?: boolean;
  createdAt?: string | null;
  lastLoginAt?: string | null;
}

export interface MachineToken {
  id: string;
  name: string;
  scopes: string[];
  createdAt: string;
  createdBy?: string | null;
  lastUsedAt?: string | null;
  revokedAt?: string | null;
}

/** `GET /bff/overview`: the last known state of everything, and how old each part of it is. */
export interface Overview {
  asOf: string;
  services: CatalogService[];
  rules: Rule[];
  signals: SignalsBatch[];
  health: Health[];
  incidents: Incident[];
  incidentsAsOf: string | null;
  incidentsStale: boolean;
  statusPage: { indicator: string; description: string } | null;
  /** Monitor's own alerts that wait for a channel. */
  waitingAlerts: { channel: string; waiting: number; lastError?: string | null }[];
}

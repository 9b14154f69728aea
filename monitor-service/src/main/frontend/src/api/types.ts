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
  /** Signals, or some of what they say, may be missing or as they were before: a live message had no room for all. */
  partial?: boolean | null;
  recurrenceOf?: string | null;
  /** `rule`, or `PERSON` and a name. */
  severityBy?: string | null;
  responders?: Responder[] | null;
  tasks?: Task[] | null;
  /** Its signals fire and clear again and again. */
  flapping?: boolean | null;
}

export type ResponderRole = 'INCIDENT_COMMANDER' | 'SCRIBE' | 'RESPONDER';

export interface Responder {
  name: string;
  role: ResponderRole;
  since: string;
}

export type TaskState = 'OPEN' | 'DONE' | 'CANCELLED';

export interface Task {
  id: string;
  text: string;
  assignee?: string | null;
  state: TaskState;
  createdBy: string;
  createdAt: string;
  doneAt?: string | null;
}

export type PublicWord = 'investigating' | 'identified' | 'monitoring' | 'resolved';

/** What the public is told of an incident, or may be. */
export interface StatusUpdate {
  id: string;
  status: PublicWord;
  body: string;
  state: 'DRAFT' | 'PUBLISHED' | 'DISCARDED';
  createdAt: string;
  publishedAt?: string | null;
  by: string;
}

/** Where the escalation of an incident stands; `step` is the one to come, from 0. */
export interface EscalationState {
  policy: string;
  state: 'WAITING' | 'ACKNOWLEDGED' | 'EXHAUSTED' | 'STOPPED';
  step: number;
  round: number;
  dueAt?: string | null;
  muted: boolean;
  begun: boolean;
}

/** A policy of the catalog; durations in ISO 8601. */
export interface EscalationPolicy {
  name: string;
  services: string[];
  environments: string[];
  severities: Severity[];
  steps: { after: string; rotation?: string | null; people: string[]; channel?: string | null }[];
  repeat: number;
  acknowledgeTimeout: string;
}

export interface Shift {
  person?: string | null;
  from: string;
  until?: string | null;
}

export interface Rotation {
  rotation: string;
  timeZone: string;
  now: Shift;
  next?: Shift | null;
}

export interface Matchers {
  services: string[];
  environments: string[];
  severities: Severity[];
  rules: string[];
  labels: Record<string, string>;
}

export interface Span {
  from: string;
  to: string;
}

/** A silence or a maintenance window. */
export interface Mute {
  id: string;
  kind: 'SILENCE' | 'MAINTENANCE';
  state: string;
  matchers: Matchers;
  author: string;
  reason: string;
  startsAt: string;
  endsAt?: string | null;
  recurring?: { timeZone: string; days: string[]; at: string; duration: string } | null;
  active?: Span | null;
  next?: Span | null;
  createdAt: string;
  endedAt?: string | null;
  endedBy?: string | null;
}

export interface MutePreview {
  /** How many open incidents were looked at, the newest first. */
  incidents: number;
  /** Whether these were all. */
  complete?: boolean;
  wouldMute: number;
  /** Of how many of the items people were told already: their cards and messages go on. */
  told?: number;
  items: {
    id: string;
    number: number;
    title: string;
    service: string;
    env: string;
    state: IncidentState;
    severity: Severity;
    muted: number;
    all: boolean;
    told?: boolean;
    /** Whether steps of its escalation would wait, although people were told of it. */
    stepsWait?: boolean;
  }[];
}

/** An incident that nobody was told of. */
export interface Held {
  incident: string;
  number: number;
  title: string;
  kind: 'SILENCE' | 'MAINTENANCE' | 'INHIBITION';
  cause: string;
  why: string;
  since: string;
  until?: string | null;
}

export interface ActionItem {
  id: string;
  incident: string;
  number: number;
  text: string;
  owner?: string | null;
  /** A day. */
  due?: string | null;
  state: 'OPEN' | 'DONE' | 'DROPPED';
  createdAt: string;
  createdBy: string;
  closedAt?: string | null;
}

export type SectionName = 'summary' | 'impact' | 'timeline' | 'causes' | 'wentWell' | 'wentBadly';

export interface Postmortem {
  incident: string;
  number: number;
  title: string;
  service: string;
  env: string;
  severity: Severity;
  openedAt: string;
  resolvedAt?: string | null;
  revision: number;
  author: Actor;
  at: string;
  sections: Partial<Record<SectionName, { text: string; editedBy?: string | null }>>;
  actionItems: ActionItem[];
}

/** How long something took, in seconds, over `count` incidents. */
export interface MeasuredTime {
  count: number;
  mean?: number | null;
  p50?: number | null;
  p90?: number | null;
}

export interface MeasureLine {
  service?: string | null;
  severity?: Severity | null;
  count: number;
  unresolved: number;
  dismissed: number;
  noiseRatio?: number | null;
  timeToDetect: MeasuredTime;
  timeToAcknowledge: MeasuredTime;
  timeToMitigate: MeasuredTime;
  timeToResolve: MeasuredTime;
}

export interface MeasuresAnswer {
  from: string;
  to: string;
  all: MeasureLine;
  items: MeasureLine[];
}

export interface AuditEntry {
  seq: number;
  at: string;
  actor: string;
  from?: string | null;
  action: string;
  subject?: string | null;
  outcome?: string | null;
  hash?: string;
  previousHash?: string;
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
  /** False when this chaos-service does not know the kind of attack, or cannot do it where it runs. */
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
  /** The command of the catalog that is run; null for another action. */
  command?: string | null;
  service: string;
  /** What it acts on; absent from an older service, which means the service. */
  target?: string | null;
  env?: string | null;
  state: string;
  /** The signal that started it, in words. */
  trigger?: string | null;
  detail?: string | null;
  at: string;
  endedAt?: string | null;
  /** What it is to bring about, in words; null where the playbook does not say. */
  expected?: string | null;
  before?: string | null;
  after?: string | null;
  effect?: string | null;
  /** How undoing it went; null where it was not undone. */
  undo?: string | null;
  dryRun?: boolean;
  risky?: boolean;
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
  /** What went wrong at the last attempt that failed. */
  lastError?: string | null;
  /** Whether the channel may have it, although it is not known to be sent. */
  mayHaveArrived?: boolean;
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
  waitingAlerts: { channel: string; waiting: number; broken?: boolean; lastError?: string | null }[];
  /** The first faults of an edit of the catalog that is refused. */
  catalogFaults: string[];
}

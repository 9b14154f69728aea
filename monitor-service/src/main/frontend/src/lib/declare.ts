import { isRecord, Problem, sentence } from '../api/http';
import type { CatalogService, Incident, Severity } from '../api/types';

/** Declaring an incident by hand: from a form to a request, and from a refusal back to the form. Pure. */

/** What the form holds; texts as they were typed. */
export interface Declaration {
  title: string;
  service: string;
  env: string;
  /** Empty: not chosen yet. */
  severity: Severity | '';
  comment: string;
}

/** The most characters that incident-service takes of each. */
export const MOST = { title: 200, service: 200, env: 200, comment: 4000 } as const;

const FIELDS = ['title', 'service', 'env', 'severity', 'comment'] as const;
type Field = (typeof FIELDS)[number];

export interface Refusal {
  /** What is wrong with a field, to be shown there. */
  fields: Partial<Record<Field, string>>;
  /** What belongs to no field; may be empty. */
  text: string;
}

type Catalog = readonly Pick<CatalogService, 'name' | 'environments'>[];

/** The environments of a service; of one that the catalog does not name, those of all others. */
export function environments(catalog: Catalog, service: string): string[] {
  const known = catalog.filter((s) => s.name === service.trim());
  return [...new Set((known.length > 0 ? known : catalog).flatMap((s) => s.environments))];
}

function onlyOne(catalog: Catalog, service: string): string {
  const all = environments(catalog, service);
  return all.length === 1 ? all[0]! : '';
}

export function begun(start: Partial<Declaration>, catalog: Catalog): Declaration {
  const service = start.service ?? '';
  return { title: '', service, env: onlyOne(catalog, service), severity: '', comment: '', ...start };
}

/** Another service; the environment follows where there is but one, unless the person wrote another. */
export function withService(form: Declaration, service: string, catalog: Catalog): Declaration {
  const untouched = form.env === '' || form.env === onlyOne(catalog, form.service);
  return { ...form, service, env: untouched ? onlyOne(catalog, service) || form.env : form.env };
}

/** The body that incident-service takes. */
export function request(form: Declaration): Record<string, string | null> {
  return {
    title: form.title.trim(),
    service: form.service.trim(),
    env: form.env.trim(),
    severity: form.severity || null,
    comment: form.comment.trim() || null,
  };
}

/** What still has to be said, field by field; empty when all is there. */
export function missing(form: Declaration): Refusal['fields'] {
  const fields: Refusal['fields'] = {};
  for (const f of ['title', 'service', 'env'] as const) if (!form[f].trim()) fields[f] = 'Say it in a word or more.';
  if (!form.severity) fields.severity = 'Choose one; it can be changed later.';
  return fields;
}

/**
 * The open incident about the service and environment of the form: beside it no other is opened, by the server's own
 * rule.
 */
export function openOne(form: Declaration, open: readonly Incident[]): Incident | undefined {
  return open.find((i) => i.state !== 'RESOLVED' && i.service === form.service.trim() && i.env === form.env.trim());
}

/** The open incident about another service that a signal of this one is part of: likely the same trouble. */
export function joinedOne(form: Declaration, open: readonly Incident[]): Incident | undefined {
  const service = form.service.trim();
  return open.find(
    (i) => i.state !== 'RESOLVED' && i.env === form.env.trim() && i.signals.some((s) => s.service === service),
  );
}

/** What was refused, field by field. */
export function refusal(error: unknown): Refusal {
  const fields: Refusal['fields'] = {};
  const errors = error instanceof Problem ? error.body['errors'] : null;
  if (!Array.isArray(errors) || errors.length === 0) return { fields, text: sentence(error) };
  const rest: string[] = [];
  for (const e of errors) {
    if (!isRecord(e)) continue;
    const field = FIELDS.find((f) => f === e['path']);
    const message = String(e['message'] ?? 'is not right');
    if (field) fields[field] ??= message;
    else rest.push([e['path'], message].filter(Boolean).join(': '));
  }
  const none = Object.keys(fields).length === 0;
  return { fields, text: none && rest.length === 0 ? sentence(error) : rest.join(' · ') };
}

/** The incident that a 409 names as open already; null when the failure is another one. */
export function alreadyOpen(error: unknown): string | null {
  if (!(error instanceof Problem) || !error.is('incident-open')) return null;
  const id = error.body['incident'];
  return typeof id === 'string' ? id : null;
}

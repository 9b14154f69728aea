// Incidents that people declare by hand, as incident-service takes and refuses them.
import { randomUUID } from 'node:crypto';
import { entry, incidentView, state } from './world.mjs';

const iso = () => new Date().toISOString();
const LINES = ['title', 'service', 'env'];

/** What incident-service would refuse; null for nothing. */
function fault(body) {
  for (const path of LINES) {
    const text = String(body?.[path] ?? '').trim();
    if (!text) return { path, message: 'must not be empty' };
    // A stand-in for all characters that are refused.
    if (path !== 'title' && text.includes('\u202e'))
      return { path, message: 'must not contain control characters or ones that turn the direction of writing' };
  }
  return body.severity ? null : { path: 'severity', message: 'expected one of [SEV1, SEV2, SEV3, SEV4]' };
}

/** The route of the door; with `lost` what is asked for is done, or half the time not, and never answered. */
export function declareRoute(publish, lost) {
  let tries = 0;
  return [
    /^POST \/bff\/incident\/api\/v1\/incidents$/,
    ({ body, answer, problem }) => {
      const wrong = fault(body);
      if (wrong) return problem(400, 'invalid', 'A field is not right.', { errors: [wrong] });
      const open = state.incidents.find(
        (i) => i.service === body.service && i.env === body.env && i.state !== 'RESOLVED',
      );
      if (open)
        return problem(
          409,
          'incident-open',
          `Incident #${open.number} of ${body.service} in ${body.env} is not resolved yet: use that one.`,
          { incident: open.id, number: open.number },
        );
      const silence = () => problem(504, 'peer-timeout', 'incident-service did not answer within 10 s. Try again.');
      if (lost && ++tries % 2 === 1) return silence();
      const i = {
        id: randomUUID(),
        number: Math.max(0, ...state.incidents.map((x) => x.number)) + 1,
        title: body.title,
        state: 'OPEN',
        severity: body.severity,
        severityBy: 'PERSON admin',
        service: body.service,
        env: body.env,
        version: 1,
        openedAt: iso(),
        assignee: null,
        recurrenceOf: null,
        signals: [],
        responders: [],
        tasks: [],
      };
      state.incidents.push(i);
      const said = `Declared by hand${body.comment ? `: ${body.comment}` : ''}`;
      publish(i, [entry(i.id, 'ANNOTATION', { type: 'PERSON', name: 'admin' }, said, { declared: true })]);
      return lost ? silence() : answer(201, incidentView(i));
    },
  ];
}

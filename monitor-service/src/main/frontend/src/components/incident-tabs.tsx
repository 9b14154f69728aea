/** From the incident to its postmortem and back. */
export function IncidentTabs({ id, here }: { id: string; here: 'incident' | 'postmortem' }) {
  return (
    <nav class="page-tabs" aria-label="Incident">
      <a href={`/incidents/${id}`} aria-current={here === 'incident' ? 'page' : undefined}>
        Incident
      </a>
      <a href={`/incidents/${id}/postmortem`} aria-current={here === 'postmortem' ? 'page' : undefined}>
        Postmortem
      </a>
    </nav>
  );
}

export function IncidentPage() {
  return <div class="page" />;
}

export function IncidentsPage() {
  return <div class="page" />;
}

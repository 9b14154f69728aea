export function LogsPage() {
  return <div class="page" />;
}

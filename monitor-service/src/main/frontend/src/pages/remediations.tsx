export function RemediationsPage() {
  return <div class="page" />;
}

export function AdminPage() {
  return <div class="page" />;
}

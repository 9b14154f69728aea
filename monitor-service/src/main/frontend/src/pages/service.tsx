export function ServicePage() {
  return <div class="page" />;
}

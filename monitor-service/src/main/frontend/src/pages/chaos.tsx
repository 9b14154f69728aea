export function ChaosPage() {
  return <div class="page" />;
}

export function AccountPage() {
  return <div class="page" />;
}

export function NotificationsPage() {
  return <div class="page" />;
}

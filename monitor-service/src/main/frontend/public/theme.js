// Runs before the first paint, so that a chosen theme does not flash. A file of its own because the policy forbids inline script.
try {
  const theme = localStorage.getItem('watchtower.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's colour scheme is used then.
}

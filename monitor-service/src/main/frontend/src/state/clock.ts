import { signal } from '@preact/signals';

/** The server's time, so that everything relative agrees with the times that the server writes. */

/** How far the server's clock is ahead of the browser's, in milliseconds; 0 when they agree within 2 s. */
let skew = 0;

/** The time, ticking once a second: everything relative reads this one. */
export const now = signal(Date.now());

/** The server's time at this moment. */
export function serverNow(): number {
  return Date.now() + skew;
}

/** Takes what the server says its time is now. */
export function agree(server: number): void {
  if (Number.isFinite(server)) skew = Math.abs(server - Date.now()) > 2000 ? server - Date.now() : 0;
}

/** Lets `now` tick from now on. */
export function tick(): void {
  setInterval(() => {
    now.value = serverNow();
  }, 1000);
}

import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';

// The back end for `npm run dev`: the mock by default, a real monitor-service with WATCHTOWER=http://127.0.0.1:8080.
const backend = process.env['WATCHTOWER'] ?? 'http://127.0.0.1:8079';

export default defineConfig({
  plugins: [preact()],
  build: {
    outDir: process.env['OUT_DIR'] ?? '../../../target/classes/static',
    emptyOutDir: true,
    target: 'es2022',
    // No data: addresses, so that the Content-Security-Policy can stay at 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '^/(bff|api|login|logout|status)(/|$)': backend,
      '^/logs$': backend,
      '/live': { target: backend.replace(/^http/, 'ws'), ws: true },
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
});

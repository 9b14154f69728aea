// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

interface Config {
  onConnect: () => void;
  onWebSocketClose: () => void;
  heartbeatOutgoing: number;
}
type Take = (m: { body: string }) => void;
const stomp = vi.hoisted(() => ({ config: null as unknown as Config, take: null as unknown as Take }));
vi.mock('@stomp/stompjs', () => ({
  ReconnectionTimeMode: { EXPONENTIAL: 1 },
  Client: class {
    connected = true;
    constructor(config: Config) {
      stomp.config = config;
    }
    subscribe(_destination: string, take: Take) {
      stomp.take = take;
      return { unsubscribe: () => undefined };
    }
  },
}));

const { connection, listen } = await import('./live');
const { agree } = await import('../state/clock');

const START = Date.parse('2026-03-02T10:00:00Z');
const AHEAD = 3_600_000;

beforeEach(() => vi.useFakeTimers({ now: START }));
afterEach(() => vi.useRealTimers());

it('was lost when the last message came, by the clock that everything on the page goes by', () => {
  agree(START + AHEAD);
  stomp.config.onConnect();
  expect(connection.value).toEqual({ state: 'live', since: START + AHEAD });
  listen('/topic/health', { message: () => undefined });
  vi.setSystemTime(START + 60_000);
  stomp.take({ body: '{"seq":1}' });
  vi.setSystemTime(START + 80_000);
  stomp.config.onWebSocketClose();
  expect(connection.value).toEqual({ state: 'reconnecting', since: START + 60_000 + AHEAD });
});

it('promises no heart-beats, whose timer would not run in a tab in the background', () => {
  expect(stomp.config.heartbeatOutgoing).toBe(0);
});

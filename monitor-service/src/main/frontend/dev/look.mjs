// Takes screenshots of pages through the DevTools protocol and fails on any console error or policy violation.
// node --experimental-websocket dev/look.mjs BASE OUT_DIR NAME=PATH…   (LOOK=wide-dark,narrow-light; CHROMIUM=/usr/bin/chromium; PRESS="/"; SCALE=0.7)
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [base, outDir, ...pages] = process.argv.slice(2);
const looks = (process.env.LOOK ?? 'wide-light,wide-dark,narrow-light,narrow-dark').split(',');
const settle = Number(process.env.SETTLE ?? 2500);
mkdirSync(outDir, { recursive: true });
const profile = mkdtempSync(join(tmpdir(), 'look-'));
const chrome = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium', [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--hide-scrollbars',
  '--remote-debugging-port=0',
  `--user-data-dir=${profile}`,
  'about:blank',
]);
const endpoint = await new Promise((done, fail) => {
  let seen = '';
  chrome.stderr.on('data', (d) => {
    seen += d;
    const m = /DevTools listening on (ws:\S+)/.exec(seen);
    if (m) done(m[1]);
  });
  chrome.on('exit', () => fail(new Error(seen)));
});
const socket = new WebSocket(endpoint);
await new Promise((done) => socket.addEventListener('open', done));
let id = 0;
const waiting = new Map();
const faults = [];
socket.addEventListener('message', ({ data }) => {
  const m = JSON.parse(data);
  if (m.id) return waiting.get(m.id)?.(m.result ?? m.error);
  if (m.method === 'Runtime.exceptionThrown')
    faults.push(m.params.exceptionDetails.exception?.description ?? m.params.exceptionDetails.text);
  if (m.method === 'Log.entryAdded' && m.params.entry.level === 'error')
    faults.push(`${m.params.entry.text} ${m.params.entry.url ?? ''}`);
  if (m.method === 'Runtime.consoleAPICalled' && m.params.type === 'error')
    faults.push(m.params.args.map((a) => a.value ?? a.description).join(' '));
});
const send = (method, params = {}, sessionId) =>
  new Promise((done) => {
    id++;
    waiting.set(id, done);
    socket.send(JSON.stringify({ id, method, params, sessionId }));
  });

for (const look of looks) {
  const [size, scheme] = look.split('-');
  const [width, height] = size === 'wide' ? [1440, 900] : [390, 844];
  const { browserContextId } = await send('Target.createBrowserContext');
  const { targetId } = await send('Target.createTarget', { url: 'about:blank', browserContextId });
  const { sessionId: s } = await send('Target.attachToTarget', { targetId, flatten: true });
  for (const d of ['Page', 'Runtime', 'Log']) await send(`${d}.enable`, {}, s);
  await send(
    'Emulation.setDeviceMetricsOverride',
    { width, height, deviceScaleFactor: size === 'wide' ? 1 : 2, mobile: size !== 'wide' },
    s,
  );
  await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] }, s);
  for (const page of pages) {
    const [name, path] = [page.slice(0, page.indexOf('=')), page.slice(page.indexOf('=') + 1)];
    await send('Page.navigate', { url: base + path }, s);
    await new Promise((r) => setTimeout(r, settle));
    for (const key of (process.env.PRESS ?? '').split('')) {
      await send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key }, s);
      await send('Input.dispatchKeyEvent', { type: 'keyUp', key }, s);
      await new Promise((r) => setTimeout(r, 150));
    }
    if (process.env.CLICK) {
      for (const selector of process.env.CLICK.split(';')) {
        await send(
          'Runtime.evaluate',
          { expression: `document.querySelector(${JSON.stringify(selector)})?.click()` },
          s,
        );
        await new Promise((r) => setTimeout(r, 900));
      }
    }
    const { result } = await send(
      'Runtime.evaluate',
      {
        expression: 'JSON.stringify([document.documentElement.scrollWidth, document.documentElement.scrollHeight])',
        returnByValue: true,
      },
      s,
    );
    const [sw, sh] = JSON.parse(result.value);
    if (sw > width) faults.push(`${name} ${look}: ${sw} px wide, the window is ${width}`);
    const full = process.env.FULL !== 'no';
    const clip = {
      x: 0,
      y: 0,
      width,
      height: full ? Math.min(Math.max(sh, height), 3600) : height,
      scale: Number(process.env.SCALE ?? 1),
    };
    const shot = await send('Page.captureScreenshot', { format: 'png', clip, captureBeyondViewport: full }, s);
    writeFileSync(join(outDir, `${name}-${look}.png`), Buffer.from(shot.data, 'base64'));
  }
  await send('Target.disposeBrowserContext', { browserContextId });
}
const gone = new Promise((done) => chrome.once('close', done));
chrome.kill();
await Promise.race([gone, new Promise((r) => setTimeout(r, 1500))]);
try {
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
} catch {
  console.log('left behind', profile);
}
for (const f of new Set(faults)) console.log('FAULT', f);
process.exit(faults.length > 0 ? 1 : 0);

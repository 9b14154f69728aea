// A WebSocket and STOMP server of the few features the dashboard uses. For development only.
import { createHash } from 'node:crypto';

/** Attaches to a node HTTP server; `publish(destination, body)` reaches all subscribers. */
export function stompServer(server, path) {
  const clients = new Set();
  const seqs = new Map();

  server.on('upgrade', (request, socket) => {
    if (request.url !== path) return socket.destroy();
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    const protocol = (request.headers['sec-websocket-protocol'] ?? '').split(',')[0].trim();
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${
        protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : ''
      }\r\n`,
    );
    const client = { socket, subscriptions: new Map() };
    clients.add(client);
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (let frame = decode(pending); frame; frame = decode(pending)) {
        pending = pending.subarray(frame.size);
        if (frame.opcode === 8) return socket.end();
        if (frame.opcode === 1) onFrame(client, frame.text);
      }
    });
    socket.on('close', () => clients.delete(client));
    socket.on('error', () => clients.delete(client));
  });

  function onFrame(client, text) {
    const [head, ...rest] = text.replace(/^\n+/, '').split('\n');
    const headers = Object.fromEntries(
      rest.slice(0, rest.indexOf('')).map((l) => [l.slice(0, l.indexOf(':')), l.slice(l.indexOf(':') + 1)]),
    );
    if (head === 'CONNECT' || head === 'STOMP') send(client, 'CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0');
    else if (head === 'SUBSCRIBE') client.subscriptions.set(headers.id, headers.destination.replaceAll('\\c', ':'));
    else if (head === 'UNSUBSCRIBE') client.subscriptions.delete(headers.id);
  }

  setInterval(() => {
    for (const c of clients) send(c, '\n');
  }, 5000).unref();

  return {
    publish(destination, body) {
      const seq = (seqs.get(destination) ?? 0) + 1;
      seqs.set(destination, seq);
      const json = JSON.stringify({ seq, ...body });
      for (const client of clients) {
        for (const [id, wanted] of client.subscriptions) {
          if (wanted !== destination) continue;
          send(client, `MESSAGE\nsubscription:${id}\nmessage-id:${seq}\ndestination:${destination}\n\n${json}\0`);
        }
      }
    },
    dropAll() {
      for (const c of clients) c.socket.destroy();
    },
  };
}

function send(client, text) {
  if (client.socket.destroyed) return;
  const body = Buffer.from(text);
  let head;
  if (body.length < 126) head = Buffer.from([0x81, body.length]);
  else if (body.length < 65536) head = Buffer.from([0x81, 126, body.length >> 8, body.length & 255]);
  else {
    head = Buffer.alloc(10);
    head[0] = 0x81;
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(body.length), 2);
  }
  client.socket.write(Buffer.concat([head, body]));
}

function decode(data) {
  if (data.length < 2) return null;
  let length = data[1] & 127;
  let at = 2;
  if (length === 126) {
    if (data.length < 4) return null;
    length = data.readUInt16BE(2);
    at = 4;
  }
  const masked = (data[1] & 128) !== 0;
  const size = at + (masked ? 4 : 0) + length;
  if (data.length < size) return null;
  const mask = data.subarray(at, at + 4);
  const body = Buffer.from(data.subarray(size - length, size));
  if (masked) for (let i = 0; i < body.length; i++) body[i] ^= mask[i % 4];
  return { opcode: data[0] & 15, size, text: body.toString() };
}

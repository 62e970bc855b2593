// A server in a process of its own that streams tokens at drawn times and logs, on the machine's monotonic clock, when
// it had read each request and when it wrote each chunk. Talks to its parent over IPC: {port}, then the log on request.
import { createServer } from 'node:net';

const TOKENS = 12;
const now = () => Number(process.hrtime.bigint()) / 1e9;
const log = new Map();

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;
const token = (n) => {
  const choices = [{ index: 0, delta: { content: ` t${n}` }, finish_reason: n === TOKENS ? 'length' : null }];
  const usage = { prompt_tokens: 3, completion_tokens: n };
  return chunk(`data: ${JSON.stringify({ id: 'c', created: 1, choices, usage })}\n\n`);
};
const LAST = `${chunk('data: [DONE]\n\n')}0\r\n\r\n`;

function stream(socket, entry) {
  let n = 0;
  const next = () => {
    n += 1;
    const bytes = (n === 1 ? HEAD : '') + token(n) + (n === TOKENS ? LAST : '');
    entry.written.push(now());
    socket.write(bytes);
    if (n < TOKENS) setTimeout(next, 40 + 120 * Math.random());
  };
  setTimeout(next, 50 + 100 * Math.random());
}

const server = createServer({ noDelay: true }, (socket) => {
  let pending = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    const received = now();
    pending += data.toString('latin1');
    const end = pending.indexOf('\r\n\r\n');
    const length = /content-length: (\d+)/i.exec(pending);
    if (end === -1 || length === null || pending.length < end + 4 + Number(length[1])) return;
    const id = /x-request-id: (\S+)/i.exec(pending)[1];
    pending = '';
    const entry = { received, written: [] };
    log.set(id, entry);
    stream(socket, entry);
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send({ log: [...log] }));
process.on('disconnect', () => process.exit(0));

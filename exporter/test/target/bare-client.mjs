// Asks the timing server over bare sockets, in a process of its own: what remains as its error is the machine's, not a
// client's. On {port, name, streams, spreadSeconds}: asks, then sends {measured: [[id, startedAt, stamps of tokens]]}.
import { connect } from 'node:net';

const now = () => Number(process.hrtime.bigint()) / 1e9;

function ask(port, id, delaySeconds) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const stamps = [];
    let startedAt = NaN;
    socket.on('data', (data) => {
      const at = now();
      const text = data.toString('latin1');
      for (let n = text.split('"content"').length - 1; n > 0; n--) stamps.push(at);
      if (!text.includes('[DONE]')) return;
      socket.destroy();
      resolve([id, startedAt, stamps]);
    });
    setTimeout(() => {
      startedAt = now();
      socket.write(`POST / HTTP/1.1\r\nx-request-id: ${id}\r\ncontent-length: 2\r\n\r\n{}`);
    }, delaySeconds * 1000);
  });
}

process.on('message', async ({ port, name, streams, spreadSeconds }) => {
  const all = Array.from({ length: streams }, (_, n) => ask(port, `${name}-${n}`, 0.3 + (n / streams) * spreadSeconds));
  process.send({ measured: await Promise.all(all) });
});
process.on('disconnect', () => process.exit(0));

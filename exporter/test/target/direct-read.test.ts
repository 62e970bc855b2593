import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { DIRECT_READ, readDirectly } from '../../src/target/direct-read.js';

let server: Server;
let client: Socket;

afterEach(() => {
  client.destroy();
  server.close();
});

/** A connection that is read directly, and the server's end of it. */
async function connected(): Promise<Socket> {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'connection');
  client = connect({ port, host: '127.0.0.1', onread: DIRECT_READ });
  readDirectly(client);
  const [peer] = (await accepted) as [Socket];
  return peer;
}

/** Everything that listeners of `readable` get until the connection ends. */
async function readToEnd(): Promise<Buffer> {
  const parts: Buffer[] = [];
  client.on('readable', () => {
    for (let data = client.read() as Buffer | null; data !== null; data = client.read() as Buffer | null)
      parts.push(data);
  });
  await once(client, 'end');
  return Buffer.concat(parts);
}

describe('a socket that is read directly', () => {
  it('yields all bytes in order, over many reads, and then ends', async () => {
    const peer = await connected();
    const sent = Buffer.alloc(1_000_000, 'abcdefghijklmnopqrstuvwxyz0123456789');
    const reading = readToEnd();
    peer.end(sent);
    const received = await reading;
    expect(received.equals(sent)).toBe(true);
  });

  it('keeps what nobody has read yet, and joins it with what follows', async () => {
    const peer = await connected();
    peer.write('one ');
    await once(client, 'readable');
    peer.write('two');
    await once(client, 'readable');
    expect(String(client.read())).toBe('one two');
    expect(client.read()).toBeNull();
  });

  it('gives bytes that later reads do not overwrite', async () => {
    const peer = await connected();
    peer.write('first');
    await once(client, 'readable');
    const first = client.read() as Buffer;
    peer.write('other');
    await once(client, 'readable');
    client.read();
    expect(first.toString()).toBe('first');
  });

  it('loses nothing when only asked for more to come', async () => {
    const peer = await connected();
    peer.write('kept');
    await once(client, 'readable');
    client.read(0);
    expect(String(client.read())).toBe('kept');
  });
});

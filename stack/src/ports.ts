import { createServer } from 'node:net';
import { StackError } from './stack-error.js';

export const HOST = '127.0.0.1';

/** What listens, and where unless told otherwise. */
export const DEFAULT_PORTS = {
  sweepscope: 9464,
  simulator: 8000,
  prometheus: 9090,
  alertmanager: 9093,
  grafana: 3000,
} as const;

export type PortName = keyof typeof DEFAULT_PORTS;
export type Ports = Record<PortName, number>;

/** `prometheus=19090` and the like over the defaults. @throws StackError when one makes no sense */
export function portsOf(settings: readonly string[]): Ports {
  const ports: Ports = { ...DEFAULT_PORTS };
  for (const setting of settings) {
    const [name = '', text = ''] = setting.split('=');
    const port = Number(text);
    if (!Object.hasOwn(ports, name) || !Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new StackError(
        `--port ${setting}: write name=number, name one of ${Object.keys(ports).join(', ')}, e.g. --port prometheus=19090`,
      );
    }
    ports[name as PortName] = port;
  }
  return ports;
}

/** Host and port of the server's URL. @throws StackError when it is no URL */
export function hostOf(target: string): string {
  if (!/^https?:\/\/./.test(target) || !URL.canParse(target))
    throw new StackError(`--target ${target}: write a URL, e.g. --target http://127.0.0.1:8000`);
  return new URL(target).host;
}

/** @throws StackError when something listens there already */
export async function needFree(name: PortName, port: number): Promise<void> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
  if (free) return;
  throw new StackError(
    `port ${port} (${name}) is taken: end what listens there, or choose another with --port ${name}=${port + 10_000}`,
  );
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

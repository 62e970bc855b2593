import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Agent, request, type Dispatcher } from 'undici';
import { UpstreamError } from './page.js';

/** What an upstream answered. */
export interface FetchedText {
  text: string;
  contentType: string;
}

/** Asks an upstream; the signal aborts. @throws UpstreamError or the network's error */
export type FetchText = (url: string, signal: AbortSignal) => Promise<FetchedText>;

export interface FetchOptions {
  headers: Readonly<Record<string, string>>;
  /** PEM contents. */
  tls?: { ca: Buffer | string | null; cert: Buffer | string | null; key: Buffer | string | null };
}

/** Longest answer that is read, also unpacked: ten times the page of a large deployment. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
const ACCEPT =
  'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5,application/json;q=0.4,*/*;q=0.1';
/** Our own timer ends a scrape; undici's would only wake more often. */
const NO_TIMEOUT = 0;

const UNPACK: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** One keep-alive connection to an upstream. */
export class HttpFetcher {
  private readonly agent: Agent;

  constructor(private readonly options: FetchOptions) {
    const { tls } = options;
    const pem = Object.entries(tls ?? {}).filter(([, value]) => value !== null);
    this.agent = new Agent({
      connections: 1,
      headersTimeout: NO_TIMEOUT,
      bodyTimeout: NO_TIMEOUT,
      connect: { ...Object.fromEntries(pem), timeout: 10_000 },
    });
  }

  /** @throws UpstreamError when the answer is no page; the network's error when there is none */
  readonly fetch: FetchText = async (url, signal) => {
    const headers = { accept: ACCEPT, 'accept-encoding': 'gzip', 'user-agent': 'sweepscope', ...this.options.headers };
    const answer = await request(url, { dispatcher: this.agent, headers, signal });
    const { statusCode } = answer;
    if (statusCode !== 200) {
      await answer.body.dump({ limit: 65_536 }).catch(() => undefined);
      throw new UpstreamError(`answered ${statusCode}${hintOf(statusCode)}`);
    }
    return { text: await readText(answer), contentType: String(answer.headers['content-type'] ?? '') };
  };

  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return ': it wants credentials (telemetry.headers)';
  if (status === 404) return ': is the path of the URL right?';
  return status >= 300 && status < 400 ? ': redirects are not followed, write the URL it points at' : '';
}

async function readText({ body, headers }: Dispatcher.ResponseData): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) {
      body.destroy();
      throw new UpstreamError(TOO_LONG);
    }
    parts.push(part);
  }
  const packed = Buffer.concat(parts);
  const encoding = String(headers['content-encoding'] ?? '').toLowerCase();
  if (encoding === '' || encoding === 'identity') return packed.toString('utf8');
  return (await unpack(packed, encoding)).toString('utf8');
}

const TOO_LONG = `answered more than ${MAX_BODY_BYTES / 2 ** 20} MiB: is this a page of metrics?`;

async function unpack(body: Buffer, encoding: string): Promise<Buffer> {
  const unpacker = Object.hasOwn(UNPACK, encoding) ? UNPACK[encoding] : undefined;
  if (unpacker === undefined) throw new UpstreamError(`answered in an encoding that is not understood: ${encoding}`);
  try {
    return await unpacker(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new UpstreamError(TOO_LONG);
    throw new UpstreamError(`answered ${encoding} that cannot be unpacked`);
  }
}

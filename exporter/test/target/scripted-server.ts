import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface SeenRequest {
  method: string;
  path: string;
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>;
  body: string;
}

type Handler = (request: SeenRequest, socket: Socket, ordinal: number) => void;

/** An HTTP server that says exactly the bytes it is told to, right or wrong, when it is told to. */
export class ScriptedServer {
  readonly requests: SeenRequest[] = [];
  connections = 0;
  port = 0;
  private readonly sockets = new Set<Socket>();
  private readonly arrivals: (() => void)[] = [];

  private constructor(private readonly server: Server) {}

  static async start(handler: Handler, onConnection?: (socket: Socket) => void): Promise<ScriptedServer> {
    const server = createServer({ noDelay: true });
    const scripted = new ScriptedServer(server);
    server.on('connection', (socket) => {
      scripted.connections += 1;
      scripted.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => scripted.sockets.delete(socket));
      onConnection?.(socket);
      readRequests(socket, (request) => {
        scripted.requests.push(request);
        handler(request, socket, scripted.requests.length);
        for (const arrived of scripted.arrivals.splice(0)) arrived();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    scripted.port = (server.address() as AddressInfo).port;
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when the n-th request (from 1) has been read and handled. */
  async received(n: number): Promise<void> {
    while (this.requests.length < n) await new Promise<void>((resolve) => this.arrivals.push(resolve));
  }

  dropConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.dropConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

function readRequests(socket: Socket, emit: (request: SeenRequest) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    pending = Buffer.concat([pending, data]);
    for (;;) {
      const headEnd = pending.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const [first = '', ...lines] = pending.toString('latin1', 0, headEnd).split('\r\n');
      const headers = new Map(lines.map((line) => splitHeader(line)));
      const length = Number(headers.get('content-length') ?? 0);
      const end = headEnd + 4 + length;
      if (pending.length < end) return;
      const [method = '', path = ''] = first.split(' ');
      const body = pending.toString('utf8', headEnd + 4, end);
      pending = pending.subarray(end);
      emit({ method, path, headers, body });
    }
  });
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** Head of a chunked answer. */
export function head(status = 200, headers: Record<string, string> = { 'content-type': 'text/event-stream' }): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Whatever\r\ntransfer-encoding: chunked\r\n${lines.join('')}\r\n`;
}

/** One HTTP chunk. */
export function chunk(payload: string): string {
  return `${Buffer.byteLength(payload).toString(16)}\r\n${payload}\r\n`;
}

/** Ends a chunked answer properly. */
export const END = '0\r\n\r\n';

/** A whole answer with a length, such as an error's. */
export function document(status: number, body: string, headers: Record<string, string> = {}): string {
  const all = { 'content-type': 'application/json', ...headers, 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n${body}`;
}

/** One HTTP chunk that holds one event. */
export function event(data: unknown): string {
  return chunk(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
}

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  prompt_tokens_details?: { cached_tokens: number };
}

/** A chat chunk with the given delta. */
export function delta(fields: object, finish: string | null = null, usage?: Usage): object {
  const choices = [{ index: 0, delta: fields, logprobs: null, finish_reason: finish }];
  return { id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices, ...(usage && { usage }) };
}

export function usageChunk(usage: Usage): object {
  return { id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage };
}

export const ROLE = delta({ role: 'assistant', content: '' });
export const DONE = event('[DONE]');

/** A good answer: role, one event a word, finish, usage, [DONE]. */
export function goodAnswer(words: readonly string[] = ['Hel', 'lo'], promptTokens = 7): string {
  const events = [ROLE, ...words.map((content) => delta({ content })), delta({}, 'stop')];
  const usage = usageChunk({ prompt_tokens: promptTokens, completion_tokens: words.length });
  return head() + events.map(event).join('') + event(usage) + DONE + END;
}

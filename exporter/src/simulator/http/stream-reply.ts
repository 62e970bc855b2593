import { AnswerText } from '../text/words.js';
import { DONE_EVENT, EventTemplate, httpChunk } from './frames.js';
import { Reply } from './reply.js';

const MALFORMED_EVENT = 'data: {"id":"chatcmpl-broken","choices":[{"index":0,"delta":{"content":\n\n';

/**
 * An answer as server-sent events. Each event is one HTTP chunk, written to the socket as one finished string: at tens
 * of thousands of events a second, `ServerResponse.write` and `JSON.stringify` would be most of the server's work.
 */
export class StreamReply extends Reply {
  private readonly template = new EventTemplate(this.names, this.generation);
  private readonly text = new AnswerText(this.generation.textSeed);
  private heldBack = '';
  private roleSent = false;
  private stalled = false;

  override start(): void {
    const { response, generation } = this;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'transfer-encoding': 'chunked',
      'cache-control': 'no-cache',
    });
    response.flushHeaders();
    if (generation.fault?.fault !== 'empty') return super.start();
    this.send(this.role(), this.template.finish('', 0), this.template.usage(0, null), DONE_EVENT);
    response.end();
    this.end('fault');
  }

  override onTokens(produced: number, tokens: number): void {
    if (this.ended || this.stalled) return;
    if (this.breaksBefore(produced)) return this.break();
    const { template, generation } = this;
    if (produced < generation.outputTokens) {
      const event = template.token(tokens === 1 ? this.nextText() : this.texts(tokens), produced);
      this.stampTokens(tokens);
      return this.roleSent && generation.fault === null
        ? this.sendOne(event)
        : this.send(this.role(), this.garbage(produced, tokens), event);
    }
    const last = this.texts(generation.finish === 'stop' ? tokens - 1 : tokens);
    const finish = template.finish(last + this.heldBack, produced);
    this.response.socket?.cork();
    this.stampTokens(tokens);
    this.send(
      this.role(),
      this.garbage(produced, tokens),
      finish,
      template.usage(produced, this.cachedTokens),
      DONE_EVENT,
    );
    this.end('finished');
    this.response.end();
    this.response.socket?.uncork();
  }

  /** Empty now and then where usage tells that a token came all the same: its text then comes with the next one's. */
  private nextText(): string {
    const text = this.heldBack + this.text.next();
    const hold = this.generation.continuousUsage && this.text.nextIsInvisible();
    this.heldBack = hold ? text : '';
    return hold ? '' : text;
  }

  private texts(tokens: number): string {
    let text = '';
    for (let token = 0; token < tokens; token++) text += this.nextText();
    return text;
  }

  private role(): string {
    if (this.roleSent) return '';
    this.roleSent = true;
    return this.template.role();
  }

  /** Before the chunk that holds the first token after those that arrive properly. */
  private garbage(produced: number, tokens: number): string {
    const { fault, outputTokens } = this.generation;
    if (fault?.fault !== 'malformed') return '';
    const proper = Math.min(fault.afterTokens, outputTokens - 1);
    return produced > proper && produced - tokens <= proper ? MALFORMED_EVENT : '';
  }

  private break(): void {
    const { fault } = this.generation;
    if (fault?.fault === 'stall') {
      this.stalled = true;
      return;
    }
    this.end('fault');
    if (fault?.fault === 'reset') this.response.socket?.resetAndDestroy();
    else this.response.end();
  }

  private sendOne(event: string): void {
    const { socket, chunkedEncoding } = this.response;
    if (socket !== null && chunkedEncoding) socket.write(httpChunk(event), 'latin1');
    else this.response.write(event, 'latin1'); // behind another answer on this connection, or HTTP/1.0
  }

  /** Several events in one write, each in a chunk of its own; empty ones are left out. */
  private send(...events: string[]): void {
    const present = events.filter((event) => event !== '');
    const { socket, chunkedEncoding } = this.response;
    if (socket !== null && chunkedEncoding) socket.write(present.map(httpChunk).join(''), 'latin1');
    else this.response.write(present.join(''), 'latin1');
  }
}

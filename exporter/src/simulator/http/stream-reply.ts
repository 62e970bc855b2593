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
    this.send(this.role(), this.template.finish('', 0), this.template.usage(0), DONE_EVENT);
    response.end();
    this.end('fault');
  }

  override onToken(produced: number): void {
    if (this.ended || this.stalled) return;
    if (this.breaksBefore(produced)) return this.break();
    const { template, generation } = this;
    if (produced < generation.outputTokens) {
      const event = template.token(this.nextText(), produced);
      this.stampTokens(1);
      return this.roleSent && generation.fault === null
        ? this.sendOne(event)
        : this.send(this.role(), this.garbage(produced), event);
    }
    const finish = template.finish(generation.finish === 'stop' ? '' : this.nextText(), produced);
    this.response.socket?.cork();
    this.stampTokens(1);
    this.send(this.role(), this.garbage(produced), finish, template.usage(produced), DONE_EVENT);
    this.end('finished');
    this.response.end();
    this.response.socket?.uncork();
  }

  /** Empty now and then where usage tells that a token came all the same. */
  private nextText(): string {
    const text = this.text.next();
    return this.generation.continuousUsage && this.text.nextIsInvisible() ? '' : text;
  }

  private role(): string {
    if (this.roleSent) return '';
    this.roleSent = true;
    return this.template.role();
  }

  private garbage(produced: number): string {
    const { fault, outputTokens } = this.generation;
    if (fault?.fault !== 'malformed') return '';
    return produced === Math.min(fault.afterTokens, outputTokens - 1) + 1 ? MALFORMED_EVENT : '';
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

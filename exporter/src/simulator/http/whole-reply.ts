import { answerText } from '../text/words.js';
import { wholeReply } from './frames.js';
import { Reply } from './reply.js';

/** An answer as one JSON body, when its last token is there. */
export class WholeReply extends Reply {
  override start(): void {
    if (this.generation.fault?.fault !== 'empty') return super.start();
    this.write(this.body(0));
    this.end('fault');
  }

  override onTokens(produced: number): void {
    if (this.ended || this.generation.fault?.fault === 'stall') return;
    if (this.breaksBefore(produced)) return this.break();
    const { outputTokens, fault } = this.generation;
    if (produced < outputTokens) return;
    const body = this.body(produced);
    this.stampTokens(produced);
    this.write(fault?.fault === 'malformed' ? body.subarray(0, body.length / 2) : body);
    this.end('finished');
  }

  private body(outputTokens: number): Buffer {
    const text = answerText(this.generation.textSeed, outputTokens, this.generation.finish);
    const { cachedTokens } = this;
    return Buffer.from(JSON.stringify(wholeReply(this.names, this.generation, { text, outputTokens, cachedTokens })));
  }

  private write(body: Buffer): void {
    this.response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    this.response.end(body);
  }

  /** Half of the body that was promised, then the connection is gone. */
  private break(): void {
    const { response, generation } = this;
    const body = this.body(generation.outputTokens);
    this.end('fault');
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.subarray(0, body.length / 2), () => {
      if (generation.fault?.fault === 'reset') response.socket?.resetAndDestroy();
      else response.socket?.end();
    });
  }
}

import { classifyStatus, parseRetryAfter, summarizeBody, type Failure } from './failure.js';

const BODY_BYTES_KEPT = 16 * 1024;
const STREAM_TYPE = 'text/event-stream';

/** What the head of an answer says that matters to us. */
export interface AnswerHead {
  status: number;
  /** In lower case; empty when not told. */
  contentType: string;
  location: string;
  /** NaN without, or unreadable. */
  retryAfterSeconds: number;
}

/** Reads the raw headers (name, value, name, value …) of an answer. `epochSeconds`: now, for a `Retry-After` date. */
export function readHead(status: number, headers: readonly Buffer[], epochSeconds: number): AnswerHead {
  const head: AnswerHead = { status, contentType: '', location: '', retryAfterSeconds: NaN };
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index]!.toString('latin1').toLowerCase();
    const value = headers[index + 1]!.toString('latin1').trim();
    if (name === 'content-type') head.contentType = value.toLowerCase();
    else if (name === 'location') head.location = value;
    else if (name === 'retry-after') head.retryAfterSeconds = parseRetryAfter(value, epochSeconds);
  }
  return head;
}

/** Whether an answer is the event stream that was asked for; one that tells no type is taken for it. */
export function isEventStream(head: AnswerHead): boolean {
  return head.status < 300 && (head.contentType === '' || head.contentType.startsWith(STREAM_TYPE));
}

/** An answer that is no event stream: an error, a redirect, a page, one JSON document. Keeps the beginning of its body. */
export class UnstreamedAnswer {
  private readonly parts: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly head: AnswerHead) {}

  add(data: Buffer): void {
    if (this.bytes >= BODY_BYTES_KEPT) return;
    this.bytes += data.length;
    this.parts.push(data);
  }

  get isJsonDocument(): boolean {
    return (
      this.head.status < 300 && (/\bjson\b/.test(this.head.contentType) || this.body().trimStart().startsWith('{'))
    );
  }

  failure(): Failure {
    const { status, location, contentType } = this.head;
    const words = summarizeBody(this.body());
    const said = words === '' ? '' : `: ${words}`;
    if (status >= 400) return { outcome: classifyStatus(status), reason: `answered ${status}${said}` };
    if (status >= 300) {
      return { outcome: 'malformed', reason: `answered ${status}, a redirect to ${location}: set that as the URL` };
    }
    const type = contentType.split(';', 1)[0]!;
    const reason = this.isJsonDocument
      ? 'answered with one JSON document: it ignored "stream": true'
      : `answered with ${type} where ${STREAM_TYPE} was expected`;
    return { outcome: 'malformed', reason: reason + said };
  }

  private body(): string {
    return Buffer.concat(this.parts).toString('utf8', 0, BODY_BYTES_KEPT);
  }
}

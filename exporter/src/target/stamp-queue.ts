import type { Clock } from '../clock/clock.js';
import { StampDelayCounts } from './stamp-delay.js';

/** What was stamped belongs to one of these; called when it is decoded. */
export interface StampedReceiver {
  onStampedData(data: Buffer, at: number): void;
  onStampedEnd(at: number): void;
  onStampedError(at: number): void;
}

const FIRST_CAPACITY = 1024;
/** A first stamp this soon after a decode means that the loop did not sleep in between. */
const NO_IDLE_SECONDS = 0.0002;

/** Marks the end of a response in place of data. */
const END = Buffer.alloc(0);
/** Marks a broken response in place of data. */
const ERROR = Buffer.alloc(0);

/**
 * What the sockets brought, stamped on arrival and decoded later: every socket that is readable now is stamped before
 * any event of any of them is interpreted. Nothing is allocated per chunk.
 */
export class StampQueue {
  readonly delays = new StampDelayCounts();
  private capacity = FIRST_CAPACITY;
  private readonly receivers: (StampedReceiver | null)[] = new Array<null>(FIRST_CAPACITY).fill(null);
  private readonly payloads: (Buffer | null)[] = new Array<null>(FIRST_CAPACITY).fill(null);
  private times = new Float64Array(FIRST_CAPACITY);
  private length = 0;
  private scheduled = false;
  private draining = false;
  /** Stamp of the first event that the loop delivered after it last asked the kernel. */
  private phaseStart = NaN;
  private decodedAt = -Infinity;
  /** No chunk in the queue became readable before this. */
  private readableSince = NaN;
  private readonly drainLater = (): void => {
    this.scheduled = false;
    this.drain();
  };

  constructor(private readonly clock: Clock) {}

  data(receiver: StampedReceiver, data: Buffer): void {
    this.push(receiver, data, this.clock.now());
  }

  end(receiver: StampedReceiver): void {
    this.push(receiver, END, this.clock.now());
  }

  error(receiver: StampedReceiver): void {
    this.push(receiver, ERROR, this.clock.now());
  }

  /** Decodes everything stamped so far, in order. Called from within a decode it does nothing: that one goes on. */
  drain(): void {
    if (this.draining || this.length === 0) return;
    this.draining = true;
    let thrown: { error: unknown } | null = null;
    for (let index = 0; index < this.length; index++) {
      try {
        this.deliver(index);
      } catch (error) {
        thrown ??= { error };
      }
    }
    this.length = 0;
    this.draining = false;
    this.decodedAt = this.clock.now();
    if (thrown !== null) throw thrown.error;
  }

  private push(receiver: StampedReceiver, payload: Buffer, now: number): void {
    const index = this.length++;
    if (index === this.capacity) this.grow();
    this.receivers[index] = receiver;
    this.payloads[index] = payload;
    this.times[index] = now;
    if (index > 0) return;
    this.readableSince = now - this.decodedAt < NO_IDLE_SECONDS ? this.phaseStart : now;
    this.phaseStart = now;
    if (this.scheduled) return;
    this.scheduled = true;
    this.clock.defer(this.drainLater);
  }

  private deliver(index: number): void {
    const receiver = this.receivers[index]!;
    const payload = this.payloads[index]!;
    const at = this.times[index]!;
    this.receivers[index] = null;
    this.payloads[index] = null;
    if (payload === END) receiver.onStampedEnd(at);
    else if (payload === ERROR) receiver.onStampedError(at);
    else {
      this.delays.add(at - this.readableSince);
      receiver.onStampedData(payload, at);
    }
  }

  private grow(): void {
    this.capacity *= 2;
    const times = new Float64Array(this.capacity);
    times.set(this.times);
    this.times = times;
  }
}

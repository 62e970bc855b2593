import type { RecordSink } from '../../src/measure/recorder.js';

export interface Told {
  what: 'started' | 'firstToken' | 'ended';
  id: string;
}

/** A sink that only remembers what it was told. */
export function recordedSink(told: Told[]): RecordSink {
  return {
    started: ({ id }) => void told.push({ what: 'started', id }),
    firstToken: ({ id }) => void told.push({ what: 'firstToken', id }),
    ended: ({ id }) => void told.push({ what: 'ended', id }),
  };
}

/** What can be asked of a process: for each call its argument and its answer, both structured-clonable. */
export type CallMap<C> = { [K in keyof C]: [argument: unknown, answer: unknown] };

export interface CallMessage {
  id: number;
  call: string;
  argument: unknown;
}

export type AnswerMessage = { id: number; answer: unknown } | { id: number; error: string };

export type Handlers<C extends CallMap<C>> = {
  [K in keyof C]: (argument: C[K][0]) => C[K][1] | Promise<C[K][1]>;
};

/** The simulated server's timing and what it keeps a log of. */
export interface SimulatorStart {
  mode: 'independent' | 'burst';
  itlSeconds: number;
  /** File for the server's own times of each request; null: none. */
  writeLog: string | null;
}

export interface SimulatorCalls {
  start: [SimulatorStart, { url: string }];
  stop: [null, null];
}

export interface ClientStart {
  url: string;
  /** Empty folder for what the client writes. */
  folder: string;
  outputTokens: number;
  /** Most streams that will be asked for. */
  streams: number;
  /** New streams start spread evenly over this many seconds. */
  rampSeconds: number;
}

/** A process's use of the machine since it began, at one moment. */
export interface Usage {
  /** CLOCK_MONOTONIC, seconds. */
  at: number;
  /** User and system time of all its threads, seconds. */
  cpuSeconds: number;
  rssBytes: number;
  heapUsedBytes: number;
  externalBytes: number;
  /** Requests under way. */
  inFlight: number;
}

/** Both clients, ours and the bare sink. */
export interface ClientCalls {
  start: [ClientStart, null];
  streams: [number, null];
  usage: [null, Usage];
}

/** Where our client leaves its record of the run. */
export interface RunPlace {
  dir: string;
  /** CLOCK_MONOTONIC seconds from which the run's times count. */
  originSeconds: number;
}

export interface OursCalls extends ClientCalls {
  place: [null, RunPlace];
}

import type { Reader } from './recording.js';

/** `page`: someone should look now; `ticket`: within the day; `info`: worth knowing. */
export type Severity = 'page' | 'ticket' | 'info';

/** How a value is written in a sentence. */
export type ValueFormat = 'duration' | 'percent' | 'number';

/** Parts of the annotations that Prometheus and Grafana write differently. */
export interface Words {
  /** The alert's value. */
  value(format: ValueFormat): string;
  label(name: string): string;
  /** What probably is the cause, as one word; null where the dialect cannot ask for it. */
  readonly likelyCause: string | null;
}

/** One alert, in terms that both Prometheus' rules and Grafana's are made from. */
export interface Alert {
  readonly name: string;
  readonly severity: Severity;
  /** Seconds at scale 1 that the expression has to hold. */
  readonly forSeconds: number;
  /**
   * Silent while the sidecar mutes alerts and for so many seconds after (at scale 1): as long as the windows that the
   * sweep's last requests are still in. null: never muted.
   */
  readonly mute: { readonly lingerSeconds: number; readonly scope: 'sidecar' | 'any' } | null;
  readonly expr: (read: Reader) => string;
  readonly summary: (words: Words) => string;
  readonly description: (words: Words) => string;
  /** uid of the dashboard to look at. */
  readonly dashboard: string;
}

/** The whole expression with its mute. */
export function alertExpression({ expr, mute }: Alert, read: Reader): string {
  if (mute === null) return expr(read);
  const muted = `max_over_time(loadgen_alerts_muted[${read.span(mute.lingerSeconds)}])`;
  const unless =
    mute.scope === 'sidecar' ? `unless on (job, instance) ${muted} == 1` : `unless on () max(${muted}) == 1`;
  return `(${expr(read)}) ${unless}`;
}

/** Where the runbooks are. */
export const RUNBOOKS = 'https://github.com/sweepscope/sweepscope/blob/main/docs/runbooks';

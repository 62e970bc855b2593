import type { SloSpec } from '../config/spec.js';
import type { RequestRecord } from './records.js';
import { decideSlo } from './slo-decision.js';

export interface SloCount {
  good: number;
  bad: number;
}

/** Name of the objective on errors in labels and tables. */
export const ERROR_OBJECTIVE = 'errors';

/**
 * Counts one event per request and objective, as soon as its outcome is known: a first token within the limit is good
 * at once, an age beyond it is bad even while the request goes on; errors and time-outs miss. Requests with at most one
 * token do not count for TPOT and ITL.
 */
export class SloJudge {
  private readonly decided = new Map<RequestRecord, number>();

  /** `counts` is added to and outlives the judge: it is the process's, a judge is a run's. */
  constructor(
    private readonly slo: SloSpec,
    readonly counts: Map<string, SloCount>,
  ) {
    const names = slo.latency.map((objective) => objective.name);
    if (slo.errorRatio !== null) names.push(ERROR_OBJECTIVE);
    for (const name of names) if (!counts.has(name)) counts.set(name, { good: 0, bad: 0 });
  }

  started(record: RequestRecord): void {
    this.decided.set(record, 0);
  }

  firstToken(record: RequestRecord): void {
    this.look(record, record.firstTokenAt);
  }

  /** Looks for requests that have outlived a limit. `now`: seconds since the run began. */
  tick(now: number): void {
    for (const record of this.decided.keys()) this.look(record, now);
  }

  ended(record: RequestRecord): void {
    this.look(record, record.endedAt);
    if (this.slo.errorRatio !== null && record.outcome !== 'aborted')
      this.count(ERROR_OBJECTIVE, record.outcome === 'ok');
    this.decided.delete(record);
  }

  private look(record: RequestRecord, now: number): void {
    this.slo.latency.forEach((objective, index) => {
      const decision = decideSlo(record, objective, now);
      if (decision === 'good' || decision === 'bad') this.decide(record, index, decision === 'good');
    });
  }

  private decide(record: RequestRecord, index: number, good: boolean): void {
    const before = this.decided.get(record);
    if (before === undefined || (before & (1 << index)) !== 0) return;
    this.decided.set(record, before | (1 << index));
    this.count(this.slo.latency[index]!.name, good);
  }

  private count(name: string, good: boolean): void {
    const count = this.counts.get(name)!;
    if (good) count.good += 1;
    else count.bad += 1;
  }
}

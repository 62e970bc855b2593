import type { Distribution, WorkloadSpec } from '../config/spec.js';
import { inSeconds, plainNumber } from './format.js';

/** What the load asks for, in one line. */
export function describeWorkload(workload: WorkloadSpec): string {
  switch (workload.kind) {
    case 'conversation': {
      const { turns, starters, followUp, salt, thinkTime, outputTokens } = workload;
      const range = turns.min === turns.max ? plainNumber(turns.min) : `${turns.min}-${turns.max}`;
      return [
        `Multi-turn chat (${range} turns per conversation)`,
        `${starters.count} starters of about ${starters.tokens} tokens`,
        `follow-ups ${followUp.kind === 'model' ? 'by a second model' : followUp.kind}`,
        salt === 'none' ? 'unsalted: conversations share their prefixes' : 'every conversation salted',
        `think time ${describeDistribution(thinkTime, inSeconds)}`,
        `at most ${outputTokens} output tokens a turn`,
      ].join(', ');
    }
    case 'synthetic': {
      const input = describeDistribution(workload.inputTokens, plainNumber);
      const output = describeDistribution(workload.outputTokens, plainNumber);
      return `Synthetic (${input} input / ${output} output tokens${workload.ignoreEos ? ', end of sequence ignored' : ''})`;
    }
    case 'prompt':
      return `One fixed prompt, at most ${workload.outputTokens} output tokens`;
    case 'dataset': {
      const limit =
        workload.outputTokens === null ? 'answers as long as recorded' : `at most ${workload.outputTokens} tokens`;
      return `Dataset ${workload.path} (${workload.format}), up to ${workload.maxTurns} turns, ${limit}`;
    }
  }
}

function describeDistribution(distribution: Distribution, write: (value: number) => string): string {
  switch (distribution.kind) {
    case 'fixed':
      return write(distribution.value);
    case 'uniform':
      return `uniform ${write(distribution.min)} to ${write(distribution.max)}`;
    case 'normal':
      return `normal ${write(distribution.mean)} ± ${write(distribution.stddev)}`;
    case 'lognormal':
      return `lognormal around ${write(distribution.median)} (σ ${plainNumber(distribution.sigma)})`;
  }
}

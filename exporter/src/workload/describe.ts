import type { WorkloadSpec } from '../config/spec.js';
import type { WorkloadData } from './build.js';
import type { ConversationSpec } from './conversation.js';
import type { DatasetSpec } from './dataset-file.js';
import { describeDistribution } from './distribution.js';
import { describeFollowUp } from './follow-up.js';
import type { SyntheticSpec } from './synthetic.js';

/** The workload in words, for a report's methodology. `data` adds what only the files tell, such as a dataset's hash. */
export function describeWorkload(spec: WorkloadSpec, data: WorkloadData | null = null): string {
  switch (spec.kind) {
    case 'conversation':
      return describeConversation(spec);
    case 'synthetic':
      return describeSynthetic(spec);
    case 'prompt':
      return (
        `One fixed prompt of ${number(spec.prompt.length)} characters, up to ${number(spec.outputTokens)} output tokens; ` +
        'prefix sharing: every request repeats the same prompt, so that a prefix cache holds it'
      );
    case 'dataset':
      return describeDataset(spec, data);
  }
}

function describeConversation(spec: ConversationSpec): string {
  const { starters, thinkTime } = spec;
  const thinking = thinkTime.kind === 'fixed' && thinkTime.value === 0;
  const think = thinking ? 'no think time' : `think time ${describeDistribution(thinkTime)} s`;
  const sharing =
    spec.salt === 'conversation'
      ? 'every conversation begins with words of its own, so that a prefix cache holds only its own past'
      : `none of the conversations is salted: they share the system prompt and ${number(starters.count)} starters, ` +
        'so that a prefix cache holds most of every first prompt';
  return (
    `Multi-turn conversation, ${range(spec.turns.min, spec.turns.max)} turns, real history resent; ` +
    `starters: ${number(starters.count)} passages of about ${number(starters.tokens)} tokens; ` +
    `${describeFollowUp(spec.followUp)}; ${think}; up to ${number(spec.outputTokens)} output tokens a turn; ` +
    `seed ${spec.seed}; prefix sharing: ${sharing}`
  );
}

function describeSynthetic(spec: SyntheticSpec): string {
  return (
    `Synthetic single-turn prompts of random words, input tokens ${describeDistribution(spec.inputTokens)}, ` +
    `output tokens ${describeDistribution(spec.outputTokens)}${spec.ignoreEos ? ' (end of sequence ignored)' : ''}; ` +
    `seed ${spec.seed}; prefix sharing: none, every prompt begins with words of its own`
  );
}

function describeDataset(spec: DatasetSpec, data: WorkloadData | null): string {
  const output =
    spec.outputTokens === null
      ? 'output tokens limited to the length of the recorded answer'
      : `up to ${number(spec.outputTokens)} output tokens a turn`;
  const sharing =
    spec.salt === 'conversation'
      ? 'every conversation begins with words of its own'
      : "as in the recordings; an entry asked again finds the first time's prefix";
  return (
    `Dataset ${spec.path}${contents(data)}; ${range(1, spec.maxTurns)} turns, real answers as history; ` +
    `${output}; seed ${spec.seed}; prefix sharing: ${sharing}`
  );
}

function contents(data: WorkloadData | null): string {
  if (data?.kind !== 'dataset') return '';
  const { format, entries, skipped, sha256 } = data.dataset;
  const left = skipped === 0 ? '' : `, ${number(skipped)} unusable ones left out`;
  return ` (${format}, ${number(entries.length)} entries${left}, sha256 ${sha256})`;
}

function range(min: number, max: number): string {
  return min === max ? String(min) : `${min}–${max}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

import type { WorkloadSpec } from '../../src/config/spec.js';
import { buildWorkload, loadWorkloadData } from '../../src/workload/build.js';
import type { WorkloadPlan } from '../../src/workload/build.js';
import type { Conversation, TurnRequest, Workload } from '../../src/workload/types.js';

type Of<Kind extends WorkloadSpec['kind']> = Extract<WorkloadSpec, { kind: Kind }>;

export function conversationSpec(change: Partial<Of<'conversation'>> = {}): Of<'conversation'> {
  return {
    kind: 'conversation',
    seed: 7,
    salt: 'conversation',
    systemPrompt: 'You are a helpful assistant.',
    starters: { count: 10, tokens: 3500 },
    turns: { min: 3, max: 5 },
    followUp: { kind: 'fixed', text: 'Tell me more.' },
    thinkTime: { kind: 'fixed', value: 0 },
    outputTokens: 1024,
    ...change,
  };
}

export function syntheticSpec(change: Partial<Of<'synthetic'>> = {}): Of<'synthetic'> {
  return {
    kind: 'synthetic',
    seed: 42,
    inputTokens: { kind: 'fixed', value: 256 },
    outputTokens: { kind: 'fixed', value: 128 },
    ignoreEos: true,
    ...change,
  };
}

export function datasetSpec(change: Partial<Of<'dataset'>> = {}): Of<'dataset'> {
  return {
    kind: 'dataset',
    seed: 1,
    salt: 'none',
    path: 'recordings.json',
    format: 'auto',
    outputTokens: 200,
    maxTurns: 10,
    ...change,
  };
}

/** Loads and builds as a sweep does, with what nobody measured left out. */
export function build(spec: WorkloadSpec, plan: Partial<WorkloadPlan> = {}): Workload {
  const data = plan.data ?? loadWorkloadData(spec);
  return buildWorkload(spec, { calibration: null, charactersPerToken: null, layout: null, ...plan, data });
}

/** Holds the whole conversation with numbered answers and gives all its requests. */
export function hold(conversation: Conversation): TurnRequest[] {
  const requests: TurnRequest[] = [];
  for (let turn = 1; turn <= conversation.turns; turn++) {
    if (conversation.followUpRequest(turn) !== null) conversation.supplyUserMessage(turn, `question ${turn}`);
    requests.push(conversation.request(turn));
    conversation.recordAnswer(turn, `answer ${turn}`);
  }
  return requests;
}

/** What a server reads first: all contents, in order. */
export function promptText(request: TurnRequest): string {
  return request.messages.map((message) => message.content).join('\n\n');
}

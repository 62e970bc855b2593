import type { Conversation, TurnRequest, Workload } from '../workload/types.js';

/** What the spec's `request` section says over the workload's own wishes; null: as the workload has it. */
export interface RequestLimits {
  maxTokens: number | null;
  ignoreEos: boolean | null;
}

/** The workload with the spec's limits on every request. */
export function limitRequests(workload: Workload, limits: RequestLimits): Workload {
  if (limits.maxTokens === null && limits.ignoreEos === null) return workload;
  const limit = (request: TurnRequest): TurnRequest => ({
    messages: request.messages,
    maxTokens: limits.maxTokens ?? request.maxTokens,
    ignoreEos: limits.ignoreEos ?? request.ignoreEos,
  });
  return {
    meanTurns: workload.meanTurns,
    needsAnswers: workload.needsAnswers,
    conversation: (key) => limited(workload.conversation(key), limit),
  };
}

function limited(conversation: Conversation, limit: (request: TurnRequest) => TurnRequest): Conversation {
  return {
    turns: conversation.turns,
    thinkSeconds: (turn) => conversation.thinkSeconds(turn),
    followUpRequest: (turn) => conversation.followUpRequest(turn),
    supplyUserMessage: (turn, text) => conversation.supplyUserMessage(turn, text),
    request: (turn) => limit(conversation.request(turn)),
    recordAnswer: (turn, text) => conversation.recordAnswer(turn, text),
  };
}

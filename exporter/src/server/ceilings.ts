import { highestLoad } from '../config/search-plan.js';
import type { Distribution, SweepSpec } from '../config/spec.js';
import type { Problem } from './sweep-service.js';

/** What no request to this sidecar can exceed, whatever its spec says. */
export interface Ceilings {
  /** Users of a level, or requests under way in open loop. */
  maxUsers: number;
  /** Planned length of a run, seconds. */
  maxDurationSeconds: number;
  /** Output tokens that a request may ask for. */
  maxTokensPerRequest: number;
}

export const DEFAULT_CEILINGS: Ceilings = { maxUsers: 1000, maxDurationSeconds: 8 * 3600, maxTokensPerRequest: 8192 };

/** Keys with which `extraBody` could ask for more or longer answers than `maxTokens` says. */
const TOKEN_KEYS = ['max_tokens', 'max_completion_tokens', 'min_tokens', 'max_new_tokens'];
const COPY_KEYS = ['n', 'best_of'];

const largest = (drawn: Distribution): number => (drawn.kind === 'fixed' ? drawn.value : drawn.max);

function answerTokens(spec: SweepSpec): { path: string; tokens: number | null } {
  if (spec.request.maxTokens !== null) return { path: 'request.maxTokens', tokens: spec.request.maxTokens };
  const { workload } = spec;
  const tokens = workload.kind === 'synthetic' ? largest(workload.outputTokens) : workload.outputTokens;
  return { path: 'workload.outputTokens', tokens };
}

function tokenProblems(spec: SweepSpec, limit: number): Problem[] {
  const found: Problem[] = [];
  const over = (path: string, tokens: number): void => {
    if (!(tokens <= limit)) {
      found.push({ path, message: `${tokens} output tokens are more than this sidecar's ${limit}`, hint: null });
    }
  };
  const answer = answerTokens(spec);
  if (answer.tokens !== null) over(answer.path, answer.tokens);
  else found.push({ path: 'request.maxTokens', message: 'answers have no limit', hint: `set it to at most ${limit}` });
  const { workload } = spec;
  if (workload.kind === 'conversation' && workload.followUp.kind === 'model') {
    over('workload.followUp.maxTokens', workload.followUp.maxTokens);
  }
  for (const key of TOKEN_KEYS) {
    if (key in spec.request.extraBody) over(`request.extraBody.${key}`, Number(spec.request.extraBody[key]));
  }
  for (const key of COPY_KEYS.filter((name) => name in spec.request.extraBody && spec.request.extraBody[name] !== 1)) {
    found.push({
      path: `request.extraBody.${key}`,
      message: 'more than one answer a request is not permitted here',
      hint: null,
    });
  }
  return found;
}

/** The problem of asking for more users than permitted; null when it is within the ceiling. */
export function usersProblem(path: string, users: number, ceilings: Ceilings): Problem | null {
  if (users <= ceilings.maxUsers) return null;
  return { path, message: `${users} users are more than this sidecar's ${ceilings.maxUsers}`, hint: null };
}

/**
 * Everything in which a parsed spec exceeds the ceilings; empty: it may run.
 * @param plannedSeconds the least that the plan takes (`describePlan(spec).seconds.least`); NaN counts as too long. A run
 *   that turns out longer must be stopped when it reaches `maxDurationSeconds`.
 */
export function ceilingProblems(spec: SweepSpec, plannedSeconds: number, ceilings: Ceilings): Problem[] {
  const { load } = spec;
  const closed = load.arrival === 'closed';
  const users = closed ? highestLoad(load) : load.maxInFlight;
  const tooMany = usersProblem(
    closed ? (load.search === null ? 'load.levels' : 'load.search.to') : 'load.maxInFlight',
    users,
    ceilings,
  );
  const found = tooMany === null ? [] : [tooMany];
  if (!(plannedSeconds <= ceilings.maxDurationSeconds)) {
    found.push({
      path: 'load',
      message: `the plan takes ${Math.ceil(plannedSeconds)} s or more, more than this sidecar's ${ceilings.maxDurationSeconds} s`,
      hint: 'fewer levels or repetitions, or a shorter measurement',
    });
  }
  return [...found, ...tokenProblems(spec, ceilings.maxTokensPerRequest)];
}

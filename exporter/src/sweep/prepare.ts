import type { Clock } from '../clock/clock.js';
import { MOST_VISITS, possibleLoads } from '../config/search-plan.js';
import type { SweepSpec, WorkloadSpec } from '../config/spec.js';
import type { HttpTargetConfig } from '../target/http-config.js';
import { askOnce, preflight, type PreflightResult } from '../target/preflight.js';
import { TargetError } from '../target/target-error.js';
import type { Exchange } from '../target/types.js';
import { countTokens } from '../target/tokenize.js';
import { loadWorkloadData, meanConversationTurns, type WorkloadData, type WorkloadPlan } from '../workload/build.js';
import { calibrate, type CalibrationSample, type PromptCalibration } from '../workload/calibration.js';
import { largestRequest } from '../workload/largest.js';
import { calibrationPrompt } from '../workload/synthetic.js';
import type { ChatMessage, TurnRequest } from '../workload/types.js';
import type { TargetSettings } from './target-settings.js';

const CALIBRATION_WORDS = [64, 256] as const;

/** A server found fit for the sweep, and all that the load needs to know of it. */
export interface PreparedTarget {
  settings: HttpTargetConfig;
  preflight: PreflightResult;
  workloadData: WorkloadData;
  workloadPlan: WorkloadPlan;
  /** Expected length of one conversation at the lowest load, seconds. */
  conversationSeconds: number;
  /** Requests that were sent to find this out. */
  checks: TargetCheck[];
  warnings: string[];
}

/** A checking request: everything that was sent is on the run's record. */
export interface TargetCheck {
  exchange: Exchange;
  /** In words, for the report. */
  text: string;
}

/**
 * Checks the server before any load (with requests whose ids begin with `checkId`): it answers, has the model, streams, and takes the longest prompt. Reads the
 * workload's data and finds out how the server counts words.
 * @throws TargetError or WorkloadError with what is wrong and what to do
 */
export async function prepareTarget(
  spec: SweepSpec,
  settings: TargetSettings,
  clock: Clock,
  checkId: string,
): Promise<PreparedTarget> {
  return prepareWith(spec, settings, httpChecks(settings, clock, checkId));
}

/** As `prepareTarget`, of a server that is asked in another way than over HTTP. @throws TargetError or WorkloadError */
export async function prepareWith(
  spec: SweepSpec,
  settings: TargetSettings,
  server: ServerChecks,
): Promise<PreparedTarget> {
  const workloadData = loadWorkloadData(spec.workload);
  const found = await server.preflight();
  const ready = { ...settings, model: found.model, capabilities: found.capabilities };
  const warnings = found.capabilities.usage ? [] : [NO_USAGE];
  requireContext(spec, workloadData, found.maxModelLen);
  const { calibration, exchanges } = await calibrateWords(spec.workload, ready, server);
  if (spec.workload.kind === 'synthetic' && calibration === null) warnings.push(NOT_CALIBRATED);
  const { search, arrival, maxInFlight } = spec.load;
  const repetitions = spec.load.repetitions + (search === null ? 0 : MOST_VISITS);
  const slots = possibleLoads(spec.load).map((load) => (arrival === 'closed' ? load : maxInFlight));
  return {
    settings: ready,
    preflight: found,
    workloadData,
    workloadPlan: { data: workloadData, calibration, charactersPerToken: null, layout: { repetitions, slots } },
    conversationSeconds: conversationSeconds(spec, workloadData, found),
    checks: [...found.exchanges, ...exchanges].map(checkOf),
    warnings,
  };
}

/** How a server is asked before a sweep. */
export interface ServerChecks {
  /** @throws TargetError with what is wrong and what to do */
  preflight(): Promise<PreflightResult>;
  /** Tokens of a chat as the server counts them; null: it does not tell. */
  countTokens(settings: HttpTargetConfig, messages: readonly ChatMessage[]): Promise<number | null>;
  /** One question; `name` ends its request id. Failures are in the exchange's outcome. */
  ask(settings: HttpTargetConfig, request: TurnRequest, name: string): Promise<Exchange>;
}

function httpChecks(settings: TargetSettings, clock: Clock, checkId: string): ServerChecks {
  return {
    preflight: () => preflight(settings, clock, checkId),
    countTokens: (ready, messages) => countTokens(ready, clock, ready.model, { messages }),
    ask: (ready, request, name) => askOnce(ready, clock, request, `${checkId}-${name}`),
  };
}

const NO_USAGE =
  'the server sends no token usage: output tokens are counted as chunks, which is wrong where a chunk holds several tokens';

const NOT_CALIBRATED =
  'the server does not tell how many tokens a prompt has: prompts are made of one word a token, and may be longer or shorter than asked for';

function requireContext(spec: SweepSpec, data: WorkloadData, maxModelLen: number | null): void {
  if (maxModelLen === null) return;
  const { promptTokens, outputTokens } = largestRequest(spec.workload, data);
  const output = spec.request.maxTokens ?? outputTokens;
  if (promptTokens + output <= maxModelLen) return;
  const needs = `the longest request of this workload needs about ${promptTokens} prompt + ${output} output tokens`;
  throw new TargetError(
    'bad_request',
    `target ${spec.target.url} takes at most ${maxModelLen} tokens (max_model_len), and ${needs}: shorten ${KNOBS[spec.workload.kind]}`,
  );
}

const KNOBS: Record<WorkloadSpec['kind'], string> = {
  conversation: 'workload.starters.tokens, workload.turns or workload.outputTokens',
  synthetic: 'workload.inputTokens or workload.outputTokens',
  prompt: 'workload.prompt or workload.outputTokens',
  dataset: 'workload.maxTurns or workload.outputTokens, or take a dataset of shorter conversations',
};

/** How the server counts made-up words, and the requests that it took to find out. */
interface Calibrated {
  calibration: PromptCalibration | null;
  exchanges: Exchange[];
}

/** By /tokenize, else by the usage of two small requests; null where the workload has no such words or neither tells. */
async function calibrateWords(
  workload: WorkloadSpec,
  settings: HttpTargetConfig,
  server: ServerChecks,
): Promise<Calibrated> {
  if (workload.kind !== 'synthetic') return { calibration: null, exchanges: [] };
  const samples: CalibrationSample[] = [];
  const exchanges: Exchange[] = [];
  for (const words of CALIBRATION_WORDS) {
    const messages = [{ role: 'user' as const, content: calibrationPrompt(workload.seed, words) }];
    let promptTokens = await server.countTokens(settings, messages);
    if (promptTokens === null && settings.capabilities.usage) {
      const exchange = await server.ask(settings, { messages, maxTokens: 1, ignoreEos: false }, `words-${words}`);
      exchanges.push(exchange);
      promptTokens = exchange.inputTokens;
    }
    if (promptTokens === null || !(promptTokens > 0)) return { calibration: null, exchanges };
    samples.push({ words, promptTokens });
  }
  return { calibration: calibrate(samples), exchanges };
}

/** How long a conversation takes on an idle server: first token and answer of each turn, by the check's own pace. */
function conversationSeconds(spec: SweepSpec, data: WorkloadData, found: PreflightResult): number {
  const last = found.exchanges.at(-1)!;
  const perToken = (found.latencySeconds - found.firstTokenSeconds) / Math.max(1, last.outputTokens - 1);
  const tokens = spec.request.maxTokens ?? largestRequest(spec.workload, data).outputTokens;
  const turn = found.firstTokenSeconds + perToken * tokens;
  const seconds = turn * meanConversationTurns(spec.workload, data);
  return Number.isFinite(seconds) ? seconds : 0;
}

function checkOf(exchange: Exchange): TargetCheck {
  const { outcome, outputTokens, startedAt, firstTokenAt, detail } = exchange;
  const ttft = `${Math.round((firstTokenAt - startedAt) * 1000)} ms to the first token`;
  return { exchange, text: outcome === 'ok' ? `streams: ${outputTokens} tokens, ${ttft}` : detail };
}

import type { Clock } from '../clock/clock.js';
import type { SweepSpec, WorkloadSpec } from '../config/spec.js';
import type { RequestRecord } from '../measure/records.js';
import type { HttpTargetConfig } from '../target/http-config.js';
import { preflight, type PreflightResult } from '../target/preflight.js';
import { TargetError } from '../target/target-error.js';
import { countTokens } from '../target/tokenize.js';
import { loadWorkloadData, meanConversationTurns, type WorkloadData, type WorkloadPlan } from '../workload/build.js';
import { calibrate, type PromptCalibration } from '../workload/calibration.js';
import { largestRequest } from '../workload/largest.js';
import { calibrationPrompt } from '../workload/synthetic.js';

const CALIBRATION_WORDS = [64, 256] as const;

/** A server found fit for the sweep, and all that the load needs to know of it. */
export interface PreparedTarget {
  settings: HttpTargetConfig;
  preflight: PreflightResult;
  workloadData: WorkloadData;
  workloadPlan: WorkloadPlan;
  /** Expected length of one conversation at the lowest load, seconds. */
  conversationSeconds: number;
  warnings: string[];
}

/**
 * Checks the server before any load: it answers, has the model, streams, and takes the longest prompt. Reads the
 * workload's data and finds out how the server counts words.
 * @throws TargetError or WorkloadError with what is wrong and what to do
 */
export async function prepareTarget(spec: SweepSpec, settings: HttpTargetConfig, clock: Clock): Promise<PreparedTarget> {
  const workloadData = loadWorkloadData(spec.workload);
  const found = await preflight(settings, clock);
  const ready = { ...settings, model: found.model, capabilities: found.capabilities };
  const warnings = found.capabilities.usage ? [] : [NO_USAGE];
  requireContext(spec, workloadData, found.maxModelLen);
  const calibration = await calibrateWords(spec.workload, ready, clock);
  const { levels, repetitions, arrival, maxInFlight } = spec.load;
  const slots = arrival === 'closed' ? levels : levels.map(() => maxInFlight);
  return {
    settings: ready,
    preflight: found,
    workloadData,
    workloadPlan: { data: workloadData, calibration, charactersPerToken: null, layout: { repetitions, slots } },
    conversationSeconds: found.latencySeconds * meanConversationTurns(spec.workload, workloadData),
    warnings,
  };
}

const NO_USAGE =
  'the server sends no token usage: output tokens are counted as chunks, which is wrong where a chunk holds several tokens';

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

/** How the server counts made-up words; null where the workload has none, or the server can't be asked. */
async function calibrateWords(
  workload: WorkloadSpec,
  settings: HttpTargetConfig,
  clock: Clock,
): Promise<PromptCalibration | null> {
  if (workload.kind !== 'synthetic') return null;
  const samples = [];
  for (const words of CALIBRATION_WORDS) {
    const promptTokens = await countTokens(settings, clock, [
      { role: 'user', content: calibrationPrompt(workload.seed, words) },
    ]);
    if (promptTokens === null) return null;
    samples.push({ words, promptTokens });
  }
  return calibrate(samples);
}

/** A checking request as a record of the run: everything that was sent is on record. */
export type PreflightRecord = { record: RequestRecord; detail: string };

import type { ExpositionSample } from './exposition/types.js';

type Json = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * `trtllm-serve` answers `/metrics` with a JSON array of the iterations since it was last asked: the newest one's figures
 * as samples named `trtllm_json:…`. An idle server answers `[]`, which tells nothing. null: the text is no such array.
 */
export function trtllmJsonSamples(text: string): ExpositionSample[] | null {
  let iterations: unknown;
  try {
    iterations = JSON.parse(text);
  } catch {
    return null; // the caller says what was answered instead
  }
  if (!Array.isArray(iterations)) return null;
  const newest: unknown = iterations.at(-1);
  if (!isMap(newest)) return [];
  const samples: ExpositionSample[] = [];
  const add = (name: string, value: unknown): void => {
    if (typeof value !== 'number') return;
    samples.push({ name: `trtllm_json:${name}`, labels: {}, value, timestampSeconds: NaN, exemplar: null });
  };
  for (const name of PLAIN) add(name, newest[name]);
  const cache = newest['kvCacheStats'];
  if (isMap(cache)) {
    for (const name of CACHE) add(name, cache[name]);
    add('kvUsedRatio', Number(cache['usedNumBlocks']) / Number(cache['maxNumBlocks']));
  }
  const speculation = newest['specDecodingStats'];
  if (isMap(speculation)) add('acceptanceLength', speculation['acceptanceLength']);
  return samples;
}

const PLAIN = ['numActiveRequests', 'numQueuedRequests', 'maxNumActiveRequests', 'gpuMemUsage'] as const;
const CACHE = ['cacheHitRate', 'reusedBlocks', 'missedBlocks'] as const;

import type { Engine } from '../../measure/telemetry-roles.js';
import { DCGM } from './dcgm.js';
import { DYNAMO } from './dynamo.js';
import { LLAMACPP } from './llamacpp.js';
import { NODE } from './node.js';
import { SGLANG } from './sglang.js';
import { TRTLLM } from './trtllm.js';
import type { Adapter } from './types.js';
import { VLLM } from './vllm.js';

/** Whose text pages are understood. */
export type PageEngine = Exclude<Engine, 'prometheus'>;

export const ADAPTERS: Readonly<Record<PageEngine, Adapter>> = {
  vllm: VLLM,
  sglang: SGLANG,
  trtllm: TRTLLM,
  dynamo: DYNAMO,
  llamacpp: LLAMACPP,
  dcgm: DCGM,
  node: NODE,
};

/** A Dynamo worker's page has its engine's metrics and Dynamo's: the engine knows more. The front end comes first. */
const FRONT_END = /^dynamo_frontend_/;
const ORDER: readonly PageEngine[] = ['vllm', 'sglang', 'trtllm', 'dynamo', 'llamacpp', 'dcgm', 'node'];

/** The engine whose metrics have these names; null: none that is known. */
export function detectEngine(names: Iterable<string>): PageEngine | null {
  const found = new Set<PageEngine>();
  for (const name of names) {
    if (FRONT_END.test(name)) return 'dynamo';
    for (const engine of ORDER) if (ADAPTERS[engine].recognise.test(name)) found.add(engine);
  }
  return ORDER.find((engine) => found.has(engine)) ?? null;
}

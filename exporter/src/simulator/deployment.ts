import { slowWorker } from './engine/create.js';
import type { Deployment, EngineConfig, Routing } from './engine/types.js';
import type { Profile } from './profiles/profile.js';

/** What may differ from the profile. */
export interface ProfileOverrides {
  model?: string;
  maxModelLen?: number;
  maxNumSeqs?: number;
  maxNumBatchedTokens?: number;
  /** KV cache size of each worker in blocks. */
  numBlocks?: number;
  enablePrefixCaching?: boolean;
  workers?: number;
  routing?: Routing['kind'];
  /** Drafts of a step; 0: no speculation. */
  speculativeTokens?: number;
  /** Chance of acceptance by position; see `Speculation`. */
  speculativeAcceptance?: readonly number[];
  /** Mode `independent` only; seconds. */
  ttftSeconds?: number;
  itlSeconds?: number;
}

/** For a profile that has no speculation of its own: a drafter with a fortieth of the model's weights. */
const DEFAULT_ACCEPTANCE = [0.7, 0.6, 0.5];
const DRAFTER_SHARE = 1 / 40;

/** The profile with all its overrides. @throws RangeError on acceptance without any drafts */
export function applyOverrides(profile: Profile, overrides: ProfileOverrides): Profile {
  const { engine, independent } = profile;
  return {
    ...profile,
    model: overrides.model ?? profile.model,
    maxModelLen: overrides.maxModelLen ?? profile.maxModelLen,
    workers: overrides.workers ?? profile.workers,
    routing: routingOf(profile.routing, overrides.routing),
    engine: {
      ...engine,
      maxNumSeqs: overrides.maxNumSeqs ?? engine.maxNumSeqs,
      maxNumBatchedTokens: overrides.maxNumBatchedTokens ?? engine.maxNumBatchedTokens,
      numBlocks: overrides.numBlocks ?? engine.numBlocks,
      enablePrefixCaching: overrides.enablePrefixCaching ?? engine.enablePrefixCaching,
      speculation: speculationOf(engine, overrides),
    },
    independent: {
      ttftSeconds: overrides.ttftSeconds ?? independent.ttftSeconds,
      itlSeconds: overrides.itlSeconds ?? independent.itlSeconds,
    },
  };
}

/**
 * The deployment that a profile stands for; `slow` makes its last worker that many times slower.
 * @throws RangeError on a number of workers below 1 or a factor of 0
 */
export function deploymentOf(profile: Profile, slow = 1): Deployment {
  const { engine, workers, routing, admitted, maxModelLen } = profile;
  if (!(Number.isInteger(workers) && workers >= 1)) {
    throw new RangeError(`the number of workers must be a whole number of at least 1, got ${workers}`);
  }
  const configs = Array.from({ length: workers }, (_, index) =>
    index === workers - 1 && slow !== 1 ? slowWorker(engine, slow) : engine,
  );
  return { workers: configs, routing, admitted, maxModelLen };
}

function routingOf(own: Routing, wanted: Routing['kind'] | undefined): Routing {
  if (wanted === undefined || wanted === own.kind) return own;
  return wanted === 'round-robin' ? { kind: wanted } : { kind: wanted, overlapWeight: 1 };
}

function speculationOf(engine: EngineConfig, overrides: ProfileOverrides): EngineConfig['speculation'] {
  const { speculation: own, stepCost } = engine;
  const draftTokens = overrides.speculativeTokens ?? own?.draftTokens ?? 0;
  const acceptance = overrides.speculativeAcceptance ?? own?.acceptance ?? DEFAULT_ACCEPTANCE;
  if (draftTokens === 0) {
    if (overrides.speculativeAcceptance === undefined) return null;
    throw new RangeError('acceptance of drafts without any: set the number of speculative tokens, too');
  }
  return {
    draftTokens,
    acceptance,
    perDraftSeconds: own?.perDraftSeconds ?? stepCost.baseSeconds * DRAFTER_SHARE,
    perSequenceSeconds: own?.perSequenceSeconds ?? stepCost.perSequenceSeconds,
  };
}

import { BENCH } from './profiles/bench.js';
import { H200_LLAMA, H200_LLAMA_EAGLE3, THREE_H200_TRTLLM } from './profiles/h200-llama.js';
import { L4_QWEN } from './profiles/l4-qwen.js';
import type { Profile } from './profiles/profile.js';
import { RTX4090_OPT_SERIAL } from './profiles/rtx4090-opt.js';

const ALL = [L4_QWEN, H200_LLAMA, H200_LLAMA_EAGLE3, THREE_H200_TRTLLM, RTX4090_OPT_SERIAL, BENCH];
const PROFILES: ReadonlyMap<string, Profile> = new Map(ALL.map((profile) => [profile.name, profile]));

/**
 * The profile of that name.
 * @throws RangeError that names the ones there are.
 */
export function profileNamed(name: string): Profile {
  const profile = PROFILES.get(name);
  if (profile === undefined) {
    throw new RangeError(`unknown simulator profile "${name}"; there are: ${[...PROFILES.keys()].join(', ')}`);
  }
  return profile;
}

export interface ProfileDescription {
  name: string;
  model: string;
  description: string;
}

/** All profiles, for help texts. */
export function describeProfiles(): ProfileDescription[] {
  return [...PROFILES.values()].map(({ name, model, description }) => ({ name, model, description }));
}

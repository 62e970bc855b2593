import { likeToYaml, specLike } from '../../../src/config/like/like.js';
import type { LikeSpec } from '../../../src/config/like/types.js';
import type { SweepSpec } from '../../../src/config/spec.js';
import { specOf } from '../example-spec.js';

export function likeOf(command: string): LikeSpec {
  const made = specLike(command);
  if ('problems' in made) throw new Error(made.problems.join('\n'));
  return made;
}

/** The spec that a command line becomes, by way of its YAML. */
export function sweepOf(command: string): SweepSpec {
  return specOf(likeToYaml(likeOf(command)));
}

export function problemsIn(command: string): string[] {
  const made = specLike(command);
  if ('problems' in made) return made.problems;
  throw new Error('the command line has no problems');
}

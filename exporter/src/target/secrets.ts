import { TargetError } from './target-error.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Headers with each `${NAME}` in a value replaced from `env`.
 * @throws TargetError (`configuration`) that names the header and the variable when that is not set
 */
export function expandHeaders(
  headers: Readonly<Record<string, string>>,
  env: Environment,
  place = 'target.headers',
): Record<string, string> {
  const expanded: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    expanded[name] = value.replace(REFERENCE, (_, variable: string) => {
      const found = env[variable];
      if (found !== undefined) return found;
      const problem = `${place}["${name}"] needs the environment variable ${variable}, which is not set`;
      throw new TargetError('configuration', `${problem}: set it, or write the value out`);
    });
  }
  return expanded;
}

/**
 * The API key in the environment variable that the spec names; null when it names none.
 * @throws TargetError (`configuration`) when the variable is not set or empty
 */
export function readApiKey(variable: string | null, env: Environment): string | null {
  if (variable === null) return null;
  const key = env[variable]?.trim();
  if (key !== undefined && key !== '') return key;
  throw new TargetError('configuration', `target.apiKeyEnv: the environment variable ${variable} is not set or empty`);
}

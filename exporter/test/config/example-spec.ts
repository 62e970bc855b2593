import { parseSpec } from '../../src/config/parse.js';
import type { ParseOptions } from '../../src/config/parse.js';
import type { SpecProblem } from '../../src/config/problems.js';
import type { SweepSpec } from '../../src/config/spec.js';

/** A small valid spec; `extra` is YAML that is put below it, `load` and `workload` replace those sections. */
export function yaml({
  target = '',
  load = 'levels: [1, 2]',
  workload = 'kind: prompt, prompt: hello',
  extra = '',
} = {}) {
  return `target: { url: "http://127.0.0.1:8000"${target === '' ? '' : `, ${target}`} }
load: { ${load} }
workload: { ${workload} }
${extra}
`;
}

export function specOf(text: string, options: ParseOptions = {}): SweepSpec {
  const result = parseSpec(text, options);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.spec;
}

export function problemsOf(text: string, options: ParseOptions = {}): SpecProblem[] {
  const result = parseSpec(text, options);
  if ('spec' in result) throw new Error('the spec has no problems');
  return result.problems;
}

/** `path: message` of each problem. */
export function complaints(text: string, options: ParseOptions = {}): string[] {
  return problemsOf(text, options).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
}

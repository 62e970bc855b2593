import { stringify } from 'yaml';
import { showValue } from '../problems.js';
import { aiperfLike } from './aiperf.js';
import { guidellmLike } from './guidellm.js';
import type { LikeParser, LikeResult, LikeSpec } from './types.js';
import { vllmLike } from './vllm.js';
import { splitWords } from './words.js';

const PARSERS: readonly LikeParser[] = [vllmLike, guidellmLike, aiperfLike];
/** Commands that are understood, for people. */
export const LIKE_COMMANDS = '"vllm bench serve …", "guidellm run …" or "aiperf profile …"';

/**
 * The spec that asks for the same load as a command line of another tool. Every flag that can't be honoured is a problem
 * that names it; what differs all the same is told in the notes.
 */
export function specLike(commandLine: string): LikeResult {
  const tool = 'the command line';
  let words: string[];
  try {
    words = splitWords(commandLine);
  } catch (error) {
    return { tool, problems: [error instanceof Error ? error.message : String(error)] };
  }
  for (const parser of PARSERS) {
    const used = parser.commandWords(words);
    if (used > 0) return parser.parse(words.slice(used));
  }
  const start = words.slice(0, 3).join(' ');
  return { tool, problems: [`${showValue(start)} is no command that is known here: write ${LIKE_COMMANDS}`] };
}

/** The spec as a file to keep: the notes as comments, what was not asked for left to the defaults. */
export function likeToYaml({ tool, written, notes }: LikeSpec): string {
  const comments = [`The load of a command line of ${tool}.`, ...notes].map((line) => `# ${line}\n`);
  return comments.join('') + stringify(written, { lineWidth: 0, aliasDuplicateObjects: false });
}

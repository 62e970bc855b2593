/** A part of a spec as people write it; undefined: not written. */
export type Written = Record<string, unknown>;

/** Sections of a spec that a command line of another tool asks for, in the form people write. */
export interface LikeSpec {
  /** The tool's name for people. */
  tool: string;
  written: Written;
  /** What is different from the tool, or needed no place in the spec. */
  notes: string[];
}

export type LikeResult = LikeSpec | { tool: string; problems: string[] };

/** Turns the words of one tool's command lines into specs. */
export interface LikeParser {
  tool: string;
  /** How many leading words are the command itself; 0: it is not this tool's. */
  commandWords(words: readonly string[]): number;
  parse(words: readonly string[]): LikeResult;
}

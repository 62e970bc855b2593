/** What both clients ask: synthetic prompts of this length, answered at full length. */
export const INPUT_TOKENS = 256;
export const SEED = 42;
/** The slowest stream of the benchmark must not run into a time-out. */
export const TIMEOUT_SECONDS = 1200;
/** Answers are this much shorter or longer, evenly: equal ones would keep step for ever once something made them wait. */
export const LENGTH_SPREAD = 0.2;

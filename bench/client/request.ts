/** What both clients ask: synthetic prompts of this length, answered at full length. */
export const INPUT_TOKENS = 256;
export const SEED = 42;
/** The slowest stream of the benchmark must not run into a time-out. */
export const TIMEOUT_SECONDS = 1200;

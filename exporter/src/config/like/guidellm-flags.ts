import { needless, refused, taken, type FlagTable } from './flags.js';

const OWN_OUTPUT = 'every run keeps all its requests and figures';
const COUNTED_BY_USAGE = 'tokens are counted by the usage that the server sends';
const OWN_PROCESS = 'Sweepscope runs in one process';

/** Flags of `guidellm run` (0.8) and of `guidellm benchmark`, as it was up to 0.7. */
export const GUIDELLM_FLAGS: FlagTable = {
  ...taken(1, '--backend', '--profile', '--constraint', '--data', '--seed', '--label'),
  ...taken(1, '--target', '--model', '--rate', '--max-requests', '--max-seconds', '--random-seed'),
  ...taken(1, '--backend-kwargs', '--request-type'),
  ...needless(1, COUNTED_BY_USAGE, '--tokenizer', '--processor', '--processor-args'),
  ...needless(1, OWN_OUTPUT, '--output', '--outputs', '--output-path', '--output-dir', '--output-extras', '--metrics'),
  ...needless(1, OWN_OUTPUT, '--sample-requests', '--display-scheduler-stats'),
  ...needless(0, OWN_OUTPUT, '--disable-console', '--disable-console-interactive', '--disable-console-outputs'),
  ...needless(0, OWN_OUTPUT, '--disable-progress'),
  ...needless(1, OWN_PROCESS, '--data-loader', '--data-num-workers', '--dataloader-kwargs'),
  ...needless(
    1,
    'synthetic prompts need no columns',
    '--data-column-mapper',
    '--data-preprocessor',
    '--data-finalizer',
  ),
  ...needless(1, 'warm-up is of the load itself, until it is steady', '--warmup', '--warmup-percent'),
  ...needless(1, 'a level that is measured does not cool down within', '--cooldown', '--cooldown-percent'),
  ...refused(1, 'give a spec of Sweepscope instead', '--config', '--scenario'),
  ...refused('many', 'give --set load.levels=1,2,4', '--override'),
  ...refused(1, 'give --set load.stopAfter.errorRate=…', '--max-errors', '--max-error-rate', '--max-global-error-rate'),
  ...refused('optional', 'give --set load.stopAfter.saturatedLevels=1', '--detect-saturation', '--over-saturation'),
  ...refused(1, 'only synthetic text has a counterpart', '--data-args', '--data-samples', '--data-sampler'),
  ...refused(1, 'users begin over one mean request, or over --set load.ramp=…', '--rampup'),
};

export const GUIDELLM_ALIASES: Readonly<Record<string, string>> = {
  '--rate-type': '--profile',
  '--backend-type': '--backend',
  '--backend-args': '--backend-kwargs',
  '--request-format': '--request-type',
  '--max-duration': '--max-seconds',
  '-l': '--label',
  '-c': '--config',
};

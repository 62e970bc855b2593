import { needless, refused, taken, type FlagTable } from './flags.js';

const COUNTED_BY_USAGE = 'tokens are counted by the usage that the server sends';
const OWN_OUTPUT = 'every run keeps all its requests and figures';
const NO_SUCH_LOAD = 'Sweepscope has no such load';
const NO_SUCH_DATASET = 'only the datasets random and sharegpt have a counterpart';
const NOT_MEASURED = 'it belongs to no streamed text answer';

/** Flags of `vllm bench serve` (0.32, and names that older versions had). */
export const VLLM_FLAGS: FlagTable = {
  ...taken(1, '--backend', '--base-url', '--host', '--port', '--endpoint', '--model', '--served-model-name', '--label'),
  ...taken(1, '--max-concurrency', '--request-rate', '--burstiness', '--num-prompts', '--num-warmups', '--seed'),
  ...taken(1, '--dataset-name', '--dataset-path', '--sharegpt-output-len', '--input-len', '--output-len'),
  ...taken(1, '--random-input-len', '--random-output-len', '--random-range-ratio', '--random-prefix-len'),
  ...taken(1, '--random-batch-size', '--probe-request-rate'),
  ...taken(1, '--temperature', '--top-p', '--top-k', '--min-p'),
  ...taken(1, '--frequency-penalty', '--presence-penalty', '--repetition-penalty'),
  ...taken(1, '--extra-body'),
  ...taken('many', '--header', '--metadata'),
  ...taken(0, '--ignore-eos'),
  ...needless(1, COUNTED_BY_USAGE, '--tokenizer', '--tokenizer-mode'),
  ...needless(0, COUNTED_BY_USAGE, '--trust-remote-code', '--skip-tokenizer-init'),
  ...needless(1, OWN_OUTPUT, '--result-dir', '--result-filename', '--percentile-metrics', '--metric-percentiles'),
  ...needless(0, OWN_OUTPUT, '--save-result', '--save-detailed', '--append-result', '--plot-timeline'),
  ...needless(0, OWN_OUTPUT, '--plot-dataset-stats', '--disable-tqdm'),
  ...needless(1, OWN_OUTPUT, '--timeline-itl-thresholds'),
  ...needless(1, 'requests carry ids of the run', '--request-id-prefix'),
  ...needless(1, 'the server is asked before the sweep', '--ready-check-timeout-sec'),
  ...refused('many', 'an objective needs its percentile: give --set slo.ttft.p95=500ms and the like', '--goodput'),
  ...refused(0, 'certificates are always checked: give --set target.tls.ca=FILE', '--insecure'),
  ...refused(1, `${NO_SUCH_LOAD}; levels are steps`, '--ramp-up-strategy', '--ramp-up-start-rps', '--ramp-up-end-rps'),
  ...refused(0, `${NO_SUCH_LOAD}; traces are not replayed`, '--self-timed', '--no-self-timed'),
  ...refused(1, `${NO_SUCH_LOAD}; traces are not replayed`, '--timed-trace-chunk-hash-size'),
  ...refused(1, `${NO_SUCH_LOAD}; traces are not replayed`, '--timed-trace-sec-multiplier'),
  ...refused(1, `${NO_SUCH_LOAD}; traces are not replayed`, '--timed-trace-label-timestamp'),
  ...refused(1, `${NO_SUCH_LOAD}; traces are not replayed`, '--timed-trace-label-input-length'),
  ...refused(1, `${NO_SUCH_LOAD}; traces are not replayed`, '--timed-trace-label-output-length'),
  ...refused(1, `${NO_SUCH_LOAD}; traces are not replayed`, '--timed-trace-label-hash-ids'),
  ...refused('many', 'one model is asked in a sweep', '--lora-modules'),
  ...refused(1, 'one model is asked in a sweep', '--lora-assignment'),
  ...refused(
    1,
    'prompts are not rendered by the client: give --extra-body \'{"chat_template_kwargs": …}\'',
    '--chat-template-kwargs',
  ),
  ...refused(0, "the server's profiler is not started", '--profile'),
  ...refused(0, 'beams are not streamed', '--use-beam-search'),
  ...refused(0, 'without streaming there is no first token to measure', '--no-stream'),
  ...refused(1, NOT_MEASURED, '--logprobs'),
  ...refused(0, NO_SUCH_DATASET, '--no-oversample', '--disable-shuffle', '--skip-chat-template', '--no-reranker'),
  ...refused(0, NO_SUCH_DATASET, '--enable-multimodal-chat', '--custom-ensure-client-side-data'),
  ...refused(1, NO_SUCH_DATASET, '--custom-output-len', '--hf-subset', '--hf-split', '--hf-name', '--hf-output-len'),
  ...refused(1, NO_SUCH_DATASET, '--spec-bench-output-len', '--spec-bench-category', '--bfcl-categories'),
  ...refused(1, NO_SUCH_DATASET, '--speed-bench-dataset-subset', '--speed-bench-output-len', '--speed-bench-category'),
  ...refused(1, NO_SUCH_DATASET, '--blazedit-min-distance', '--blazedit-max-distance'),
  ...refused(1, NO_SUCH_DATASET, '--asr-min-audio-len-sec', '--asr-max-audio-len-sec'),
  ...refused(1, NO_SUCH_DATASET, '--prefix-repetition-prefix-len', '--prefix-repetition-suffix-len'),
  ...refused(1, NO_SUCH_DATASET, '--prefix-repetition-num-prefixes', '--prefix-repetition-output-len'),
  ...refused(1, NO_SUCH_DATASET, '--random-mm-base-items-per-request', '--random-mm-num-mm-items-range-ratio'),
  ...refused(1, NO_SUCH_DATASET, '--random-mm-limit-mm-per-prompt', '--random-mm-bucket-config'),
};

import { Exposition } from './exposition.js';
import { renderOwn } from './own.js';
import { together, type MetricsView } from './view.js';

/** llama.cpp's server: no labels, no histograms, and prompt tokens without those that were cached. */
export function renderLlamacpp(view: MetricsView): string {
  const out = new Exposition();
  const all = together(view);
  const { statistics } = all;
  const { running, waiting } = all.load();
  const computed = statistics.promptTokens - statistics.cachedPromptTokens;
  const counter = (name: string, help: string, value: number): void =>
    out.counter(`llamacpp:${name}`, help, [[{}, value]]);
  counter('prompt_tokens', 'Number of prompt tokens processed.', computed);
  counter('prompt_tokens_cached', 'Number of prompt tokens reused from the cache.', statistics.cachedPromptTokens);
  counter('prompt_seconds', 'Prompt process time', statistics.prefillTime.sum);
  counter('tokens_predicted', 'Number of generation tokens processed.', statistics.generationTokens);
  counter('tokens_predicted_seconds', 'Predict process time', statistics.decodeTime.sum);
  counter('n_decode', 'Total number of llama_decode() calls', statistics.work.steps);
  const gauge = (name: string, help: string, value: number): void => {
    if (Number.isFinite(value)) out.gauge(`llamacpp:${name}`, help, [[{}, value]]);
  };
  gauge('prompt_tokens_seconds', 'Average prompt throughput in tokens/s.', computed / statistics.prefillTime.sum);
  const predicted = statistics.generationTokens / statistics.decodeTime.sum;
  gauge('predicted_tokens_seconds', 'Average generation throughput in tokens/s.', predicted);
  gauge('requests_processing', 'Number of requests processing.', running);
  gauge('requests_deferred', 'Number of requests deferred.', waiting);
  const busy = statistics.generationTokens / statistics.work.steps;
  gauge('n_busy_slots_per_decode', 'Average number of busy slots per llama_decode() call', busy);
  if (view.workers.some(({ config }) => config.speculation !== null)) {
    const { drafts, draftTokens, acceptedTokens } = statistics.speculation;
    counter('spec_decode_num_drafts', 'Drafts.', drafts);
    counter('spec_decode_num_draft_tokens', 'Drafted tokens.', draftTokens);
    counter('spec_decode_num_accepted_tokens', 'Accepted drafts.', acceptedTokens);
  }
  renderOwn(out, view);
  return out.text();
}

import type { Exposition } from './exposition.js';
import type { MetricsView } from './view.js';

/** What the simulator says of itself, in every dialect. */
export function renderOwn(out: Exposition, { own, startedAt, model }: MetricsView): void {
  const lagHelp = 'How late tokens were given to the sockets against the schedule of the simulated engine.';
  const labels = { model_name: model };
  out.histogram('sweepscope_simulator_lag_seconds', lagHelp, [[labels, own.lag]]);
  out.counter('sweepscope_simulator_tokens_written', 'Tokens given to sockets.', [
    [labels, own.counters.tokensWritten],
  ]);
  if (own.cpuSeconds !== null)
    out.counter('process_cpu_seconds', 'Total user and system CPU time spent in seconds.', [[{}, own.cpuSeconds()]]);
  out.gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', [[{}, startedAt]]);
}

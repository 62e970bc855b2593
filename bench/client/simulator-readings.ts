/** The simulator's own counters at one moment, from its `/metrics`. */
export interface SimulatorReading {
  tokensWritten: number;
  cpuSeconds: number;
  /** Cumulative counts by upper edge in seconds, ascending. */
  lag: { edge: number; count: number }[];
}

const LAG_BUCKET = /^sweepscope_simulator_lag_seconds_bucket\{[^}]*le="([^"]+)"\} (\S+)$/;

/** @throws Error when the simulator does not answer with them */
export async function readSimulator(url: string): Promise<SimulatorReading> {
  const response = await fetch(`${url}/metrics`);
  const lines = (await response.text()).split('\n');
  const value = (name: string): number => {
    const line = lines.find((text) => text.startsWith(`${name}{`) || text.startsWith(`${name} `));
    if (line === undefined) throw new Error(`${url}/metrics does not tell ${name}`);
    return Number(line.slice(line.lastIndexOf(' ')));
  };
  const lag = lines.flatMap((line) => {
    const [, edge, count] = LAG_BUCKET.exec(line) ?? [];
    return edge === undefined ? [] : [{ edge: edge === '+Inf' ? Infinity : Number(edge), count: Number(count) }];
  });
  return {
    tokensWritten: value('sweepscope_simulator_tokens_written_total'),
    cpuSeconds: value('process_cpu_seconds_total'),
    lag,
  };
}

/** Upper edge of the bucket that holds the q-quantile of what came between two readings, seconds; NaN: nothing came. */
export function lagQuantile(before: SimulatorReading, after: SimulatorReading, q: number): number {
  const counts = after.lag.map(({ edge, count }, index) => ({ edge, count: count - (before.lag[index]?.count ?? 0) }));
  const total = counts.at(-1)?.count ?? 0;
  return total === 0 ? NaN : counts.find(({ count }) => count >= q * total)!.edge;
}

/** Values of a Prometheus text, summed over all labels: enough to read a single server's counters. */
export class Exposition {
  private readonly sums = new Map<string, number>();

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const match = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)/.exec(line);
      if (match === null || line.startsWith('#')) continue;
      this.sums.set(match[1]!, (this.sums.get(match[1]!) ?? 0) + Number(match[2]));
    }
  }

  /** @throws Error when the server has no such metric */
  value(name: string): number {
    const value = this.sums.get(name);
    if (value === undefined) throw new Error(`the server's /metrics has no ${name}`);
    return value;
  }
}

/** What a server's /metrics said, and when (Unix seconds). */
export interface Reading {
  at: number;
  metrics: Exposition;
}

export async function readMetrics(url: string): Promise<Reading> {
  const before = Date.now();
  const response = await fetch(`${url}/metrics`);
  const text = await response.text();
  return { at: (before + Date.now()) / 2000, metrics: new Exposition(text) };
}

/** What a counter gained between two readings. */
export function gained(name: string, from: Reading, to: Reading): number {
  return to.metrics.value(name) - from.metrics.value(name);
}

/** Mean of a histogram's observations between two readings; NaN without any. */
export function meanBetween(name: string, from: Reading, to: Reading): number {
  return gained(`${name}_sum`, from, to) / gained(`${name}_count`, from, to);
}

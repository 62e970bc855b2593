/** A series of an answer: instant answers have one sample. */
export interface Series {
  metric: Record<string, string>;
  samples: { at: number; value: number }[];
}

interface Answer {
  status: string;
  error?: string;
  data: { result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[] };
}

export interface RuleState {
  name: string;
  type: 'alerting' | 'recording';
  health: string;
  lastError?: string;
  evaluationTime: number;
  lastEvaluation: string;
}

/** Asks a Prometheus as Grafana does. Times are epoch seconds. */
export class PrometheusClient {
  constructor(private readonly base: string) {}

  instant(query: string, at: number = Date.now() / 1000): Promise<Series[]> {
    return this.query('query', { query, time: String(at) });
  }

  range(query: string, start: number, end: number, step: number): Promise<Series[]> {
    return this.query('query_range', { query, start: String(start), end: String(end), step: String(step) });
  }

  /** The one value of a query. @throws Error when it has none or several */
  async value(query: string, at?: number): Promise<number> {
    const series = await this.instant(query, at);
    if (series.length !== 1) throw new Error(`${query}: ${series.length} series instead of one`);
    return series[0]!.samples[0]!.value;
  }

  async rules(): Promise<RuleState[]> {
    const answer = (await (await fetch(`${this.base}/api/v1/rules`)).json()) as {
      data: { groups: { rules: RuleState[] }[] };
    };
    return answer.data.groups.flatMap(({ rules }) => rules);
  }

  /** Waits until the query finds something. */
  async until(query: string, seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while ((await this.instant(query)).length === 0) {
      if (Date.now() > deadline) throw new Error(`nothing within ${seconds} s: ${query}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async query(path: string, parameters: Record<string, string>): Promise<Series[]> {
    const answer = await fetch(`${this.base}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    const { status, error = '', data } = (await answer.json()) as Answer;
    if (status !== 'success') throw new Error(`${parameters['query'] ?? ''}: ${error}`);
    return data.result.map(({ metric, value, values }) => ({
      metric,
      samples: (values ?? (value === undefined ? [] : [value])).map(([at, text]) => ({ at, value: Number(text) })),
    }));
  }
}

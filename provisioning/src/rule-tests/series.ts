/** Seconds between two samples of a test's series. */
export const TEST_STEP = 5;

/** A stretch of a series: a counter's increase per second or a gauge's value, for so many seconds; null: no samples. */
export type Stretch = readonly [value: number | null, seconds: number];

const samplesIn = (seconds: number): number => Math.round(seconds / TEST_STEP);

/** promtool's notation of a gauge. */
export function gauge(...stretches: Stretch[]): string {
  return stretches
    .map(([value, seconds]) => (value === null ? `_x${samplesIn(seconds)}` : `${value}+0x${samplesIn(seconds) - 1}`))
    .join(' ');
}

/** promtool's notation of a counter that begins at 0 and rises at these rates. */
export function counter(...stretches: Stretch[]): string {
  let at = 0;
  const texts = stretches.map(([rate, seconds]) => {
    const samples = samplesIn(seconds);
    if (rate === null) return `_x${samples}`;
    const step = rate * TEST_STEP;
    const text = `${round(at)}+${round(step)}x${samples - 1}`;
    at += step * samples;
    return text;
  });
  return texts.join(' ');
}

const round = (value: number): number => Number(value.toPrecision(12));

/** A series of the sidecar under test. */
export interface InputSeries {
  series: string;
  values: string;
}

/** `name{…,job,instance}` of the sidecar. */
export function own(name: string, values: string, labels: Record<string, string> = {}): InputSeries {
  return series(name, values, { ...labels, job: 'sweepscope', instance: 'a:9464' });
}

export function series(name: string, values: string, labels: Record<string, string>): InputSeries {
  const list = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return { series: `${name}{${list.join(',')}}`, values };
}

/** Rates of requests a second, by how long their first token takes. */
export interface Requests {
  /** First tokens at about 0.2 s. */
  good: Stretch[];
  /** First tokens at about 5 s. */
  bad: Stretch[];
  /** Requests sent. Left out: as many as got a first token. */
  started?: Stretch[];
}

/** A TTFT histogram with an edge at the objective's 0.6 s. */
export function ttftHistogram(name: string, { good, bad }: Requests, labels: Record<string, string>): InputSeries[] {
  const all = good.map(([rate, seconds], i): Stretch => {
    const other = bad[i]![0];
    return [rate === null || other === null ? null : rate + other, seconds];
  });
  const bucket = (le: string, stretches: Stretch[]) =>
    series(`${name}_bucket`, counter(...stretches), { ...labels, le });
  const sums = good.map(([rate, seconds], i): Stretch => {
    const other = bad[i]![0];
    return [rate === null || other === null ? null : 0.2 * rate + 5 * other, seconds];
  });
  return [
    bucket(
      '0.1',
      good.map(([rate, seconds]) => [rate === null ? null : 0, seconds]),
    ),
    bucket('0.3', good),
    bucket('0.6', good),
    bucket('4', good),
    bucket('6', all),
    bucket('+Inf', all),
    series(`${name}_count`, counter(...all), labels),
    series(`${name}_sum`, counter(...sums), labels),
  ];
}

/** What the sidecar shows while it serves such requests, with an objective of 600 ms at p95. */
export function requests(load: Requests, run = 'probe'): InputSeries[] {
  const { good, bad } = load;
  const zero = good.map(([rate, seconds]): Stretch => [rate === null ? null : 0, seconds]);
  const all = good.map(([rate, seconds], i): Stretch => [rate === null ? null : rate + (bad[i]![0] ?? 0), seconds]);
  const present = good.map(([rate, seconds]): Stretch => [rate === null ? null : 1, seconds]);
  return [
    ...ttftHistogram('loadgen_time_to_first_token_seconds', load, { job: 'sweepscope', instance: 'a:9464', turn: '1' }),
    own('loadgen_requests_started_total', counter(...(load.started ?? all))),
    own('loadgen_requests_total', counter(...all), { turn_type: 'initial', status: 'ok' }),
    own('loadgen_requests_total', counter(...zero), { turn_type: 'initial', status: 'error' }),
    own('loadgen_slo_events_total', counter(...good), { slo: 'ttft_p95', result: 'good' }),
    own('loadgen_slo_events_total', counter(...bad), { slo: 'ttft_p95', result: 'bad' }),
    own('loadgen_slo_seconds', gauge(...present.map(([on, s]): Stretch => [on === null ? null : 0.6, s])), {
      run,
      slo: 'ttft_p95',
      metric: 'ttft',
      q: 'p95',
    }),
    own('loadgen_level', gauge(...present), { run }),
    own('up', gauge(...present)),
  ];
}

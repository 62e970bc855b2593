/** How much the panel has to draw. */
export interface Load {
  /** Points of each of the two series. */
  points: number;
  levels: number;
}

export const LOADS: readonly Load[] = [
  { points: 2_000, levels: 12 },
  { points: 100_000, levels: 12 },
  { points: 2_000, levels: 200 },
];

/**
 * Runs in the page: makes the scene of a running sweep, then shows it and ticks it `ticks` times. A tick is new frames with
 * one point more, from handing them over until two animation frames have passed. Milliseconds.
 */
export const IN_PAGE = `async ({ points, levels, ticks }) => {
  const step = 1000, start = 1.7e12;
  const field = (name, type, values, labels) => ({ name, type, config: {}, values, ...(labels ? { labels } : {}) });
  const frame = (labels, times, values) => ({ refId: 'A', name: labels.__name__, length: times.length,
    fields: [field('Time', 'time', times), field('Value', 'number', values, labels)] });
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const scene = (count) => {
    const times = Array.from({ length: count }, (_, i) => start + i * step);
    const end = times[count - 1];
    const wave = (phase) => times.map((_, i) => 0.2 + 0.1 * Math.sin(i / 500 + phase) + 0.02 * ((i * 7919) % 13) / 13);
    const series = [frame({ __name__: 'loadgen_ttft_all_seconds', quantile: '0.5' }, times, wave(0)),
      frame({ __name__: 'loadgen_ttft_all_seconds', quantile: '0.95' }, times, wave(1)),
      frame({ __name__: 'loadgen_level', run: 'r' }, [end], [levels])];
    const length = (end - start) / levels / 1000;
    for (let i = 0; i < levels; i++) {
      const labels = { __name__: 'loadgen_window_timestamp_seconds', run: 'r', window: 'w' + i, level: String(i + 1), repetition: '1' };
      const from = start / 1000 + i * length;
      const edges = { start: from, measure_start: from + length * 0.2, measure_end: from + length, end: from + length };
      for (const [edge, at] of Object.entries(edges)) series.push(frame({ ...labels, edge }, [end], [at]));
      series.push(frame({ __name__: 'loadgen_level_verdict', run: 'r', level: String(i + 1) }, [end], [1 + (i * 3 / levels | 0)]));
    }
    return { frames: series, fromMs: start, toMs: end, stepMs: step };
  };
  const scenes = Array.from({ length: ticks + 1 }, (_, i) => scene(points + i));
  await frames();
  const timed = async (one) => { const begun = performance.now(); window.sweepTest.setScene(one); await frames(); return performance.now() - begun; };
  await window.sweepCpu('first picture');
  const firstPaint = await timed(scenes[0]);
  const canvas = document.querySelector('canvas');
  await window.sweepCpu('begin');
  const perTick = [];
  for (const one of scenes.slice(1)) perTick.push(await timed(one));
  await window.sweepCpu('end');
  perTick.sort((a, b) => a - b);
  return { firstPaint, median: perTick[perTick.length >> 1], p95: perTick[Math.floor(perTick.length * 0.95)],
    sameCanvas: canvas === document.querySelector('canvas') };
}`;

export interface Timing {
  firstPaint: number;
  median: number;
  p95: number;
  sameCanvas: boolean;
  /** CPU of the page's main thread for the first picture and for one tick, milliseconds: other processes do not add to it. */
  firstCpu: number;
  cpu: number;
}

import type { Scenario } from './scenario.js';
import { gauge, own, requests, ttftHistogram, type Stretch } from './series.js';

/** Long enough for a baseline, which needs load that is ten minutes old. */
const BEFORE = 960;
const WITHIN = 240;
const quiet: Stretch = [0, BEFORE];
const UP = own('up', gauge([1, 2400]));

/** A while of half a request a second, then something else for ten minutes. */
const probe = (good: number, bad: number, started?: number) =>
  requests({
    good: [
      [0.5, BEFORE],
      [good, 600],
    ],
    bad: [quiet, [bad, 600]],
    ...(started === undefined
      ? {}
      : {
          started: [
            [0.5, BEFORE],
            [started, 600],
          ] as Stretch[],
        }),
  });

const idle: Stretch = [0, 600];
const muted = (run: string, ...stretches: Stretch[]) => own('loadgen_alerts_muted', gauge(...stretches), { run });
const vllm = { job: 'llm', instance: 's:8000' };

/** TTFT: spikes, stalls, budgets. */
export const LATENCY_SCENARIOS: readonly Scenario[] = [
  {
    name: 'a steady probe fires nothing',
    series: probe(0.5, 0),
    firing: { 300: [], [BEFORE]: [] },
  },
  {
    name: 'a spike fires within four minutes of its onset, and the budgets burn',
    series: probe(0.1, 0.3),
    firing: {
      [BEFORE]: [],
      [BEFORE + 60]: [],
      [BEFORE + WITHIN]: ['TTFTBudgetBurnFast', 'TTFTBudgetBurnSlow', 'TTFTSpike'],
    },
  },
  {
    name: 'a spike resolves when it is over',
    series: requests({
      good: [
        [0.5, BEFORE],
        [0, 300],
        [0.5, 1200],
      ],
      bad: [quiet, [0.3, 300], [0, 1200]],
    }),
    firing: {
      [BEFORE + WITHIN]: ['TTFTBudgetBurnFast', 'TTFTBudgetBurnSlow', 'TTFTSpike'],
      [BEFORE + 300 + 300]: [],
    },
  },
  {
    name: 'one slow request in a minute is luck',
    series: requests({
      good: [
        [0.1, BEFORE],
        [0, 10],
        [0.1, 590],
      ],
      bad: [quiet, [0.1, 10], [0, 590]],
    }),
    firing: { [BEFORE + 90]: [], [BEFORE + 120]: [], [BEFORE + 180]: [] },
  },
  {
    name: 'a server that always was at three times the SLO burns its budget and does not spike',
    series: requests({ good: [[0, 2400]], bad: [[0.5, 2400]] }),
    firing: { 1500: ['TTFTBudgetBurnFast', 'TTFTBudgetBurnSlow'] },
  },
  {
    name: 'a spike right after idle time fires by the SLO, since there is no baseline',
    series: requests({
      good: [
        [0, BEFORE],
        [0, 600],
      ],
      bad: [
        [0, BEFORE],
        [0.5, 600],
      ],
    }),
    firing: { [BEFORE]: [], [BEFORE + WITHIN]: ['TTFTBudgetBurnFast', 'TTFTBudgetBurnSlow', 'TTFTSpike'] },
  },
  {
    name: 'a spike in the first minutes of a first sweep, below the levels that are muted, fires by the SLO',
    series: [...requests({ good: [[0, 600]], bad: [[1, 600]] }, 'r1'), muted('r1', [0, 600])],
    firing: { [WITHIN]: ['TTFTBudgetBurnFast', 'TTFTBudgetBurnSlow', 'TTFTSpike'] },
  },
  {
    name: 'a muted sweep into saturation fires none of these, nor do its last requests afterwards',
    series: [
      ...requests({
        good: [
          [0.5, BEFORE],
          [0, 600],
          [0.5, 600],
        ],
        bad: [quiet, [2, 600], [0, 600]],
      }),
      muted('r1', [0, BEFORE], [1, 600], [0, 600]),
    ],
    firing: {
      [BEFORE + WITHIN]: [],
      [BEFORE + 590]: [],
      [BEFORE + 610]: [],
      [BEFORE + 660]: [],
      [BEFORE + 720]: [],
      [BEFORE + 900]: [],
    },
  },
  {
    name: 'what a muted sweep did to TTFT is not in the baseline of a spike half an hour later',
    series: [
      ...requests({
        good: [
          [0.5, BEFORE],
          [0, 1500],
          [0.5, 900],
          [0, 600],
        ],
        bad: [quiet, [2, 1500], [0, 900], [0.5, 600]],
      }),
      muted('r1', [0, BEFORE], [1, 1500], [0, 1500]),
    ],
    firing: {
      [BEFORE + 2390]: [],
      [BEFORE + 2400 + WITHIN]: ['TTFTBudgetBurnFast', 'TTFTBudgetBurnSlow', 'TTFTSpike'],
    },
  },
  {
    name: 'a total stall, without any first token, fires the stall and nothing that needs first tokens',
    series: [
      ...requests({
        good: [[0.5, BEFORE], idle],
        bad: [quiet, idle],
        started: [
          [0.5, BEFORE],
          [0, 600],
        ],
      }),
      own('loadgen_oldest_unanswered_seconds', `${gauge([0.1, BEFORE])} 0+5x119`, { run: 'probe' }),
    ],
    firing: { [BEFORE]: [], [BEFORE + 30]: [], [BEFORE + 60]: ['TTFTStalled'], [BEFORE + WITHIN]: ['TTFTStalled'] },
  },
  {
    name: 'a stall fires in a muted sweep too',
    series: [
      UP,
      own('loadgen_oldest_unanswered_seconds', `${gauge([0.1, 600])} 0+5x119`, { run: 'r1' }),
      muted('r1', [1, 1200]),
    ],
    firing: { [600 + 60]: ['TTFTStalled'] },
  },
  {
    name: 'requests of a single user that time out one after the other are a stall',
    series: [
      UP,
      own('loadgen_oldest_unanswered_seconds', Array(20).fill('0 5 10 15 20 25').join(' '), { run: 'probe' }),
    ],
    firing: { [WITHIN]: ['TTFTStalled'], 550: ['TTFTStalled'] },
  },
  {
    name: 'an answer that takes 15 seconds now and then is no stall',
    series: [
      UP,
      own(
        'loadgen_oldest_unanswered_seconds',
        Array(5)
          .fill(`0 5 10 15 ${gauge([0, 100])}`)
          .join(' '),
        { run: 'probe' },
      ),
    ],
    firing: { 60: [], 120: [], [WITHIN]: [], 480: [] },
  },
  {
    name: 'a stall is measured against the SLO where that is long',
    series: [
      ...requests({ good: [[0.5, 1200]], bad: [[0, 1200]] }).filter(
        ({ series }) => !series.startsWith('loadgen_slo_seconds'),
      ),
      own('loadgen_slo_seconds', gauge([20, 1200]), { run: 'probe', slo: 'ttft_p95', metric: 'ttft', q: 'p95' }),
      own('loadgen_oldest_unanswered_seconds', `${gauge([50, 600])} ${gauge([70, 600])}`, { run: 'probe' }),
    ],
    firing: { 590: [], 700: ['TTFTStalled'] },
  },
  {
    name: 'starts that stop fire nothing: there is no load to be late',
    series: requests({
      good: [[0.5, BEFORE], idle],
      bad: [quiet, idle],
      started: [
        [0.5, BEFORE],
        [0, 600],
      ],
    }),
    firing: { [BEFORE + 60]: [], [BEFORE + 300]: [] },
  },
  {
    name: 'a metric that nobody exposes fires nothing: no data is no spike',
    series: [UP],
    firing: { 60: [], 600: [] },
  },
  {
    name: "a jump of the server's own TTFT fires without any load of ours",
    series: [
      UP,
      ...ttftHistogram(
        'vllm:time_to_first_token_seconds',
        {
          good: [
            [2, BEFORE],
            [1, 600],
          ],
          bad: [quiet, [1, 600]],
        },
        vllm,
      ),
    ],
    firing: { [BEFORE]: [], [BEFORE + WITHIN]: ['ServerTTFTSpike'] },
  },
  {
    name: "a jump of the server's own TTFT in a muted sweep is the sweep's doing",
    series: [
      UP,
      muted('r1', [0, BEFORE], [1, 600]),
      ...ttftHistogram(
        'vllm:time_to_first_token_seconds',
        {
          good: [
            [2, BEFORE],
            [1, 600],
          ],
          bad: [quiet, [1, 600]],
        },
        vllm,
      ),
    ],
    firing: { [BEFORE + WITHIN]: [] },
  },
  {
    name: 'a server that is slow from the first request on is judged by the SLO of the probe',
    series: [
      ...requests({ good: [[0.5, 1200]], bad: [[0, 1200]] }),
      ...ttftHistogram('sglang:time_to_first_token_seconds', { good: [[0, 1200]], bad: [[1, 1200]] }, vllm),
    ],
    firing: { [WITHIN]: ['ServerTTFTSpike'] },
  },
];

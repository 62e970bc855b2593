import { buildDashboard, type Section } from './kit/build.js';
import { graph, number } from './kit/panels.js';
import { datasourceVariable, labelVariable } from './kit/variables.js';
import { GPU } from '../../provisioning/src/rules/dashboard-uids.js';

/** DCGM writes fields that a GPU does not support as numbers next to 2⁶³: they are no values. */
const KNOWN = '< 9e18';
const dcgm = (field: string): string => `(DCGM_FI_${field}{job=~"$job", instance=~"$node", gpu=~"$gpu"} ${KNOWN})`;
const rateOf = (field: string): string =>
  `rate(DCGM_FI_${field}{job=~"$job", instance=~"$node", gpu=~"$gpu"}[$__rate_interval])`;
const LEGEND = '{{instance}} GPU {{gpu}}';
const MIB = 1_048_576;

const NOW: Section = {
  panels: [
    number({
      title: 'Power',
      description: 'All GPUs chosen together.',
      unit: 'watt',
      targets: [{ expr: `sum(${dcgm('DEV_POWER_USAGE')})` }],
      w: 6,
    }),
    number({
      title: 'Energy per output token',
      description:
        'Energy of the GPUs chosen over the output tokens that Sweepscope received: valid while it is the only load.',
      unit: 'suffix: J/token',
      decimals: 2,
      targets: [
        {
          expr: `sum(${rateOf('DEV_TOTAL_ENERGY_CONSUMPTION')}) / 1000 / (sum(rate(loadgen_output_tokens_total[$__rate_interval])) > 0)`,
        },
      ],
      noValue: 'no tokens',
      w: 6,
    }),
    number({
      title: 'Memory reserved',
      description:
        'Share of the frame buffer. A server reserves it at start: pressure shows in the KV cache, not here.',
      unit: 'percentunit',
      decimals: 0,
      targets: [{ expr: `sum(${dcgm('DEV_FB_USED')}) / sum(${dcgm('DEV_FB_USED')} + ${dcgm('DEV_FB_FREE')})` }],
      w: 6,
    }),
    number({
      title: 'Hottest GPU',
      description: 'Near its limit a GPU lowers its clock, and levels are no longer comparable.',
      unit: 'celsius',
      targets: [{ expr: `max(${dcgm('DEV_GPU_TEMP')})` }],
      steps: [
        [null, 'good'],
        [75, 'warn'],
        [85, 'bad'],
      ],
      w: 6,
    }),
  ],
};

const ACTIVITY: Section = {
  title: 'Activity',
  panels: [
    graph({
      title: 'Utilisation',
      description: 'Share of time in which any kernel ran. It stands at 100 % in any decode: not headroom.',
      unit: 'percentunit',
      max: 1,
      targets: [{ expr: `${dcgm('DEV_GPU_UTIL')} / 100`, legend: LEGEND }],
    }),
    graph({
      title: 'Tensor cores and memory',
      description:
        'Share of time in which tensor cores and memory were active. Memory high and tensor low: decode is bound by memory.',
      unit: 'percentunit',
      max: 1,
      targets: [
        { expr: `avg by (instance) (${dcgm('PROF_PIPE_TENSOR_ACTIVE')})`, legend: 'tensor {{instance}}' },
        { expr: `avg by (instance) (${dcgm('PROF_DRAM_ACTIVE')})`, legend: 'memory {{instance}}' },
      ],
      colors: { 'tensor .*': 'p50', 'memory .*': 'p95' },
    }),
    graph({
      title: 'Frame buffer',
      description: 'Memory that processes hold. DCGM counts in MiB.',
      unit: 'bytes',
      targets: [{ expr: `${dcgm('DEV_FB_USED')} * ${MIB}`, legend: LEGEND }],
    }),
    graph({
      title: 'PCIe and NVLink',
      description: 'Traffic in both directions, by node. NVLink carries what tensor parallelism exchanges.',
      unit: 'Bps',
      targets: [
        {
          expr: `sum by (instance) (${dcgm('PROF_PCIE_TX_BYTES')} + ${dcgm('PROF_PCIE_RX_BYTES')})`,
          legend: 'PCIe {{instance}}',
        },
        {
          expr: `sum by (instance) (${dcgm('PROF_NVLINK_TX_BYTES')} + ${dcgm('PROF_NVLINK_RX_BYTES')})`,
          legend: 'NVLink {{instance}}',
        },
      ],
    }),
  ],
};

const LIMITS: Section = {
  title: 'Power, heat and clocks',
  panels: [
    graph({
      title: 'Power',
      description: 'By GPU. A cap shows as a flat top together with a falling clock.',
      unit: 'watt',
      w: 8,
      targets: [{ expr: dcgm('DEV_POWER_USAGE'), legend: LEGEND }],
    }),
    graph({
      title: 'Temperature',
      description: 'By GPU. What is too hot is in the limits of its model; the clock tells first.',
      unit: 'celsius',
      w: 8,
      targets: [{ expr: dcgm('DEV_GPU_TEMP'), legend: LEGEND }],
    }),
    graph({
      title: 'SM clock',
      description: 'DCGM tells MHz. A clock that falls within a level makes that level incomparable.',
      unit: 'hertz',
      w: 8,
      targets: [{ expr: `${dcgm('DEV_SM_CLOCK')} * 1e6`, legend: LEGEND }],
    }),
    graph({
      title: 'Held back',
      description: 'Time per second in which power or heat held the clock down.',
      unit: 'percentunit',
      targets: [
        { expr: `${rateOf('DEV_POWER_VIOLATION')} / 1e6`, legend: `power ${LEGEND}` },
        { expr: `${rateOf('DEV_THERMAL_VIOLATION')} / 1e6`, legend: `heat ${LEGEND}` },
      ],
    }),
    graph({
      title: 'XID errors',
      description: 'Number of the last XID error, 0: none. What a number means is in NVIDIA’s list.',
      unit: 'none',
      steps: true,
      targets: [{ expr: dcgm('DEV_XID_ERRORS'), legend: LEGEND }],
    }),
  ],
};

/** GPUs, by NVIDIA's DCGM exporter. */
export function gpuDashboard(): object {
  const util = 'DCGM_FI_DEV_GPU_UTIL';
  return buildDashboard({
    uid: GPU,
    title: 'Sweepscope: GPU (DCGM)',
    description: "What the GPUs do under load, by NVIDIA's DCGM exporter.",
    variables: [
      datasourceVariable(),
      labelVariable('job', 'Job', `label_values(${util}, job)`),
      labelVariable('node', 'Node', `label_values(${util}{job=~"$job"}, instance)`),
      labelVariable('gpu', 'GPU', `label_values(${util}{job=~"$job", instance=~"$node"}, gpu)`),
    ],
    from: 'now-30m',
    refresh: '5s',
    sections: [NOW, ACTIVITY, LIMITS],
  });
}

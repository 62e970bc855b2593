import type { Accelerator } from '../profiles/profile.js';
import { Exposition, type Labels, type Sample } from './exposition.js';
import type { GpuState } from './gpu.js';

const MIB = 2 ** 20;
const IDLE_CLOCK_MHZ = 210;
const RESERVED_MIB = 560;
const DRIVER = '580.126.20';

/**
 * The GPUs, one a worker, as dcgm-exporter writes them. What the simulator has no physics for (PCIe, NVLink, encoders,
 * throttling) is missing.
 */
export function renderDcgm(gpus: readonly GpuState[], accelerator: Accelerator): string {
  const out = new Exposition();
  const total = Math.round(accelerator.memoryBytes / MIB);
  const used = Math.round(accelerator.reservedRatio * total);
  for (const [name, help, value] of [...deviceFields(accelerator), ...memoryFields(total, used), ...PROFILING_FIELDS]) {
    const samples = gpus.map((gpu, index): Sample => [labelsOf(accelerator, index), value(gpu)]);
    if (name.endsWith('_ENERGY_CONSUMPTION')) out.plainCounter(name, help, samples);
    else out.gauge(name, help, samples);
  }
  return out.text();
}

type Field = [name: string, help: string, value: (gpu: GpuState) => number];

function deviceFields({ smClockMhz }: Accelerator): Field[] {
  return [
    ['DCGM_FI_DEV_SM_CLOCK', 'SM clock frequency (in MHz).', ({ busy }) => (busy > 0 ? smClockMhz : IDLE_CLOCK_MHZ)],
    ['DCGM_FI_DEV_GPU_TEMP', 'GPU temperature (in C).', ({ celsius }) => Math.round(celsius)],
    ['DCGM_FI_DEV_POWER_USAGE', 'Power draw (in W).', ({ watts }) => round(watts, 3)],
    [
      'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION',
      'Total energy consumption since boot (in mJ).',
      ({ joules }) => Math.round(joules * 1000),
    ],
    ['DCGM_FI_DEV_GPU_UTIL', 'GPU utilization (in %).', ({ busy }) => Math.round(busy * 100)],
    ['DCGM_FI_DEV_MEM_COPY_UTIL', 'Memory utilization (in %).', ({ dramActive }) => Math.round(dramActive * 100)],
    ['DCGM_FI_DEV_XID_ERRORS', 'Value of the last XID error encountered.', () => 0],
  ];
}

function memoryFields(total: number, used: number): Field[] {
  return [
    ['DCGM_FI_DEV_FB_FREE', 'Framebuffer memory free (in MiB).', () => Math.max(0, total - used - RESERVED_MIB)],
    ['DCGM_FI_DEV_FB_USED', 'Framebuffer memory used (in MiB).', () => used],
    ['DCGM_FI_DEV_FB_RESERVED', 'Framebuffer memory reserved (in MiB).', () => RESERVED_MIB],
  ];
}

const PROFILING_FIELDS: readonly Field[] = [
  ['DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'Ratio of time the graphics engine is active.', ({ busy }) => round(busy, 6)],
  [
    'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE',
    'Ratio of cycles the tensor (HMMA) pipe is active.',
    ({ tensorActive }) => round(tensorActive, 6),
  ],
  [
    'DCGM_FI_PROF_DRAM_ACTIVE',
    'Ratio of cycles the device memory interface is active sending or receiving data.',
    ({ dramActive }) => round(dramActive, 6),
  ],
];

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function labelsOf({ name }: Accelerator, index: number): Labels {
  const digits = index.toString(16).padStart(12, '0');
  return {
    gpu: `${index}`,
    UUID: `GPU-51eed5c0-0000-4000-8000-${digits}`,
    pci_bus_id: `00000000:${(index + 1).toString(16).padStart(2, '0').toUpperCase()}:00.0`,
    device: `nvidia${index}`,
    modelName: name,
    Hostname: 'simulator',
    DCGM_FI_DRIVER_VERSION: DRIVER,
  };
}

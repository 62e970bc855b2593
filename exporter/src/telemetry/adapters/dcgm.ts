import { metric, sumOf, type Adapter } from './types.js';

const MIB = 2 ** 20;
/** "Blank" of 64-bit integers (not supported, not found, not permitted, …), of doubles, and of 32-bit integers. */
const INT64_BLANK = 2 ** 63 - 16;
const FLOAT64_BLANK = 2 ** 47;
const INT32_BLANK = 0x7ffffff0;

/**
 * dcgm-exporter. A GPU that several pods share is repeated for each: its highest value counts, once. It collects every
 * 30 s unless told otherwise, so that faster scrapes repeat values.
 */
export const DCGM: Adapter = {
  engine: 'dcgm',
  recognise: /^DCGM_FI_/,
  replicaLabels: ['Hostname', 'hostname'],
  deviceLabels: ['gpu', 'GPU_I_ID'],
  repeated: 'highest',
  roles: {
    gpu_utilization_ratio: [
      metric('DCGM_FI_DEV_GPU_UTIL', { scale: 0.01, note: 'share of time in which any kernel ran' }),
      metric('DCGM_FI_PROF_GR_ENGINE_ACTIVE'),
    ],
    gpu_memory_used_bytes: [metric('DCGM_FI_DEV_FB_USED', { scale: MIB, note: 'what is reserved, not pressure' })],
    gpu_memory_total_bytes: [
      metric('DCGM_FI_DEV_FB_TOTAL', { scale: MIB }),
      sumOf(['DCGM_FI_DEV_FB_USED', 'DCGM_FI_DEV_FB_FREE', 'DCGM_FI_DEV_FB_RESERVED'], { scale: MIB }),
      sumOf(['DCGM_FI_DEV_FB_USED', 'DCGM_FI_DEV_FB_FREE'], { scale: MIB, note: 'without what is reserved' }),
    ],
    gpu_power_watts: [metric('DCGM_FI_DEV_POWER_USAGE')],
    gpu_temperature_celsius: [metric('DCGM_FI_DEV_GPU_TEMP')],
    gpu_sm_active_ratio: [metric('DCGM_FI_PROF_SM_ACTIVE', { note: 'off by default' })],
    gpu_dram_active_ratio: [metric('DCGM_FI_PROF_DRAM_ACTIVE')],
    gpu_tensor_active_ratio: [metric('DCGM_FI_PROF_PIPE_TENSOR_ACTIVE')],
    gpu_energy_joules_total: [metric('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', { scale: 0.001 })],
  },
  timed: {},
  isSentinel: (value) =>
    value >= INT64_BLANK ||
    (value >= FLOAT64_BLANK && value < FLOAT64_BLANK + 16) ||
    (value >= INT32_BLANK && value <= INT32_BLANK + 15),
};

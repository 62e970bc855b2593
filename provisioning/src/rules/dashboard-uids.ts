/** Fixed uids, so that links, alerts and imports find the dashboards. */
export const LIVE = 'sweepscope-live';
export const RESULTS = 'sweepscope-results';
export const HEALTH = 'sweepscope-loadgen';
export const SERVER = 'sweepscope-server';
export const GPU = 'sweepscope-gpu';

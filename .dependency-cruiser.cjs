/** The imports of exporter/src point one way; see CONTRIBUTING.md. */
const allow = {
  clock: [],
  measure: ['clock', 'target', 'workload', 'config'],
  analysis: ['measure', 'config', 'target'],
  config: [],
  workload: ['config', 'clock'],
  target: ['config', 'clock', 'workload'],
  telemetry: ['config', 'clock', 'measure'],
  load: ['config', 'clock', 'target', 'workload', 'measure'],
  report: ['config', 'measure', 'analysis', 'target'],
  store: ['config', 'measure', 'analysis', 'report', 'target'],
  metrics: ['config', 'measure', 'analysis', 'report', 'target', 'store'],
  sweep: ['config', 'clock', 'target', 'workload', 'load', 'measure', 'analysis', 'report', 'store', 'telemetry'],
  simulator: ['config', 'clock'],
  virtual: ['config', 'clock', 'target', 'workload', 'load', 'sweep', 'simulator', 'server', 'telemetry'],
  server: ['config', 'clock', 'sweep', 'metrics', 'measure', 'report', 'store', 'analysis', 'target', 'telemetry'],
};
const rooms = Object.entries(allow).map(([room, doors]) => ({
  name: `${room}-imports`,
  comment: `${room} may import only: ${[room, ...doors].join(', ')}`,
  severity: 'error',
  from: { path: `^exporter/src/${room}/` },
  to: { path: '^exporter/src/', pathNot: `^exporter/src/(${[room, ...doors].join('|')})/` },
}));
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...rooms,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types'],
    },
  },
};

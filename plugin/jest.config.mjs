/** The panel's tests: a DOM, and CommonJS, since Grafana's packages are not all ES modules. */
const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', tsx: true },
    transform: { react: { runtime: 'classic' } },
  },
  module: { type: 'commonjs' },
};
const ES_MODULES = [
  'react-calendar',
  'get-user-locale',
  'memoize',
  'mimic-function',
  '@wojtekmaj',
  'rbush',
  'quickselect',
  'geotiff',
  'color-.*',
  'pbf',
  'clsx',
  'lodash-es',

  'd3',
  'd3-.*',
  'internmap',
  'delaunator',
  'robust-predicates',
  'ol',
  'uuid',
  'marked',
  '@grafana',
  'react-colorful',
];

/** @type {import('jest').Config} */
export default {
  displayName: 'plugin',
  rootDir: '..',
  testEnvironment: 'jsdom',
  roots: ['<rootDir>/plugin/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  moduleNameMapper: {
    '\\.(css|svg)$': '<rootDir>/plugin/test/support/nothing.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  setupFiles: ['<rootDir>/plugin/test/support/setup.ts'],
  transform: { '^.+\\.m?[jt]sx?$': ['@swc/jest', swc] },
  transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULES.join('|')})/)`],
};

/** @type {import('jest').Config} */
export const exporter = {
  displayName: 'exporter',
  testEnvironment: 'node',
  roots: [
    '<rootDir>/exporter/test',
    '<rootDir>/bench',
    '<rootDir>/scripts',
    '<rootDir>/dashboards',
    '<rootDir>/provisioning',
    '<rootDir>/stack',
  ],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/exporter/dist', '<rootDir>/stack/dist', '<rootDir>/.vllm'],
  // `npm run test:slow` runs these: statistics over thousands of draws.
  testPathIgnorePatterns: ['/node_modules/', '\\.slow\\.test\\.ts$'],
};

/**
 * The stack on a real Prometheus and Alertmanager. It waits most of its time: `npm test` runs it beside the linters.
 *
 * @type {import('jest').Config}
 */
const stack = { ...exporter, displayName: 'e2e', roots: ['<rootDir>/e2e'] };

/** @type {import('jest').Config} */
export default { projects: [exporter, stack, '<rootDir>/plugin/jest.config.mjs'], testTimeout: 30000 };

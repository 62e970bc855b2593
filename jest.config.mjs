/** @type {import('jest').Config} */
export const exporter = {
  displayName: 'exporter',
  testEnvironment: 'node',
  roots: [
    '<rootDir>/exporter/test',
    '<rootDir>/bench',
    '<rootDir>/e2e',
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

/** @type {import('jest').Config} */
export default { projects: [exporter, '<rootDir>/plugin/jest.config.mjs'], testTimeout: 30000 };

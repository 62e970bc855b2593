import base from './jest.config.mjs';

/** Tests that take minutes: `npm run test:slow`. @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['**/*.slow.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 1_200_000,
};

import { exporter } from './jest.config.mjs';

/** Tests that take minutes: `npm run test:slow`. @type {import('jest').Config} */
export default {
  ...exporter,
  testMatch: ['**/*.slow.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 1_200_000,
};

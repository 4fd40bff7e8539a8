/** Node strips the types, so nothing is transformed. Tests run the same files as production. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  coverageProvider: 'v8',
  // Whole pipelines on a machine that may be busy; what hangs ends here.
  testTimeout: 120_000,
  maxWorkers: 2,
  // A worker never frees the modules of its tests, and what is started from a large process starts slowly: 40 ms at 1 GB, not 3.
  workerIdleMemoryLimit: '350MB',
  // Half a second, the default, is less than a large process takes to end on a busy machine: jest would tell of a leak that is none.
  workerGracefulExitTimeout: 10_000,
  reporters: ['default', '<rootDir>/scripts/summary-reporter.cjs'],
};

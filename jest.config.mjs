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
  reporters: ['default', '<rootDir>/scripts/summary-reporter.cjs'],
};

/** Groups of tests that need a program that is not there say so in their title: `…, not installed: what installs it`. */
function countMissing(testResults) {
  const skipped = testResults.flatMap(({ testResults: tests }) => tests).filter(({ status }) => status === 'pending');
  const reasons = skipped.flatMap(({ ancestorTitles }) =>
    ancestorTitles.filter((title) => / not installed: /.test(title)),
  );
  return Map.groupBy(reasons, (reason) => reason)
    .entries()
    .map(([reason, all]) => [reason, all.length]);
}

/** A jest reporter that closes with one line which people and programs can read. CommonJS: jest wants one export. */
module.exports = class SummaryReporter {
  onRunComplete(
    _contexts,
    { testResults, numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites },
  ) {
    for (const [reason, checks] of countMissing(testResults))
      process.stdout.write(`\n${checks} checks skipped ${reason}`);
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    process.stdout.write(`\n${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`);
  }
};

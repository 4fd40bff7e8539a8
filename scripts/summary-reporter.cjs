/**
 * Why a check was skipped: the program that it needs is not there, which its group says (`…, not installed: what
 * installs it`), or that program cannot do it, which its title says at the end in square brackets.
 */
function reasonOf({ ancestorTitles, title }) {
  const group = ancestorTitles.find((name) => /^on Google's .* emulator|, not installed: /.test(name));
  if (group === undefined || /, not installed: /.test(group)) return group;
  const [reason] = /\[[^[]*\]$/.exec(title) ?? [];
  return reason && `${group} ${reason}`;
}

function countReasons(testResults) {
  const skipped = testResults.flatMap(({ testResults: tests }) => tests).filter(({ status }) => status === 'pending');
  const reasons = skipped.map(reasonOf).filter((reason) => reason !== undefined);
  return [...Map.groupBy(reasons, (reason) => reason)].map(([reason, { length }]) => [reason, length]);
}

/** A jest reporter that closes with one line which people and programs can read. CommonJS: jest wants one export. */
module.exports = class SummaryReporter {
  #testNamePattern;
  constructor({ testNamePattern }) {
    this.#testNamePattern = testNamePattern;
  }

  onRunComplete(_contexts, results) {
    process.stdout.write(this.summarize(results));
  }

  summarize({ testResults, numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    // Where tests are chosen by name, the others are skipped for no reason of their own.
    const reasons = this.#testNamePattern ? [] : countReasons(testResults);
    const lines = reasons.map(([reason, count]) => `${count} ${count === 1 ? 'check' : 'checks'} skipped ${reason}`);
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return `\n${[...lines, `${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`].join('\n')}\n`;
  }
};

import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';

const SummaryReporter = createRequire(import.meta.url)('../../scripts/summary-reporter.cjs');

const absent = "on Google's Pub/Sub emulator, not installed: gcloud components install pubsub-emulator";
const installed = "on Google's Firestore emulator";

const aTest = (status: string, ...path: readonly string[]) => ({
  status,
  ancestorTitles: path.slice(0, -1),
  title: path.at(-1),
});

const results = {
  numPassedTests: 2,
  numFailedTests: 1,
  numPendingTests: 5,
  numRuntimeErrorTestSuites: 1,
  testResults: [
    {
      testResults: [
        aTest('passed', 'on this server', 'a topic', 'is created [once]'),
        aTest('pending', absent, 'a topic', 'is created'),
        aTest('pending', 'other', 'is left out'),
      ],
    },
    {
      testResults: [
        aTest('pending', absent, 'a topic', 'is deleted [the emulator waits for ever]'),
        aTest('pending', installed, 'a document', 'is kept [the emulator forgets]'),
        aTest('passed', installed, 'a document', 'is read [the emulator forgets]'),
        aTest('pending', installed, 'a document', 'is written'),
      ],
    },
  ],
};

describe('the end of a test run', () => {
  it('tells how many checks were skipped for which reason, and then the numbers in the last line', () => {
    expect(new SummaryReporter({ testNamePattern: '' }).summarize(results).split('\n')).toEqual([
      '',
      `2 checks skipped ${absent}`,
      `1 check skipped ${installed} [the emulator forgets]`,
      '2 passed, 2 failed, 5 skipped',
      '',
    ]);
  });

  it('tells no reasons where tests were chosen by name', () => {
    expect(new SummaryReporter({ testNamePattern: 'a topic' }).summarize(results)).toBe(
      '\n2 passed, 2 failed, 5 skipped\n',
    );
  });
});

// A test runner for Stryker: its own one for jest, held to the test files that reach a mutant, one after the other.
// By itself that one loads every test file for each mutant, of which there are thousands.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

/** Written by the process of the dry run into its sandbox, read by those that run mutants there. */
const testsFile = 'tests-by-file.json';

class FileByFileRunner {
  constructor(jest) {
    this.jest = jest;
  }

  capabilities() {
    return this.jest.capabilities();
  }

  init() {
    return this.jest.init();
  }

  async dryRun(options) {
    const result = await this.jest.dryRun(options);
    const files = (result.tests ?? []).map(({ id, fileName }) => [id, fileName]);
    writeFileSync(testsFile, JSON.stringify(files));
    return result;
  }

  /** Ends with the first file that notices the mutant. */
  async mutantRun(options) {
    const { testFilter, sandboxFileName } = options;
    const { jestConfig } = this.jest;
    let survived = { status: 'survived', nrOfTests: 0 };
    for (const [file, ids] of testsOf(sandboxFileName, testFilter)) {
      this.jest.jestConfig = { ...jestConfig, testMatch: [file] };
      try {
        const result = await this.jest.mutantRun({ ...options, testFilter: testFilter && ids });
        if (result.status !== 'survived') return result;
        survived = { ...survived, nrOfTests: survived.nrOfTests + result.nrOfTests };
      } finally {
        this.jest.jestConfig = jestConfig;
      }
    }
    return survived;
  }
}

/** Files with the tests to run, first the one that mirrors the mutated file. Without a filter every test may reach it. */
function testsOf(mutatedFile, testFilter) {
  const wanted = testFilter && new Set(testFilter);
  const tests = JSON.parse(readFileSync(testsFile, 'utf8')).filter(([id]) => wanted === undefined || wanted.has(id));
  const mirror = join('test', relative(process.cwd(), mutatedFile).replace(/\.ts$/, '.test.ts'));
  const byFile = Map.groupBy(tests, ([, file]) => file);
  return [...byFile]
    .map(([file, ofFile]) => [file, ofFile.map(([id]) => id)])
    .sort(([a], [b]) => Number(b.endsWith(mirror)) - Number(a.endsWith(mirror)));
}

const [jestPlugin] = jestPlugins;
const createRunner = (injector) => new FileByFileRunner(jestPlugin.factory(injector));
createRunner.inject = jestPlugin.factory.inject;

export const strykerPlugins = [{ kind: jestPlugin.kind, name: 'jest-file-by-file', factory: createRunner }];

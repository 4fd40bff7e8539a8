import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sandbus } from '../../client/index.ts';
import { startStack } from '../../local/stack.ts';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbus-data-'));
});
afterAll(() => rmSync(dataDir, { recursive: true }));

/** Runs a stack on the folder for as long as `use` takes. */
async function withStack<T>(use: (sandbus: Sandbus) => Promise<T>): Promise<T> {
  const stack = await startStack({ log: () => {}, dataDir });
  const sandbus = new Sandbus({ env: stack.clientEnv });
  try {
    return await use(sandbus);
  } finally {
    await sandbus.close();
    await stack.close();
  }
}

describe('a stack with a data folder', () => {
  it('goes on where it was: sessions, records, dead letters', async () => {
    const first = await withStack((sandbus) =>
      sandbus.session('s1').exec('export K=1; mkdir a; cd a; echo data > file'),
    );
    const [record, second] = await withStack(async (sandbus) => [
      await sandbus.executions.get(first.executionId),
      await sandbus.session('s1').exec('pwd; echo $K; cat file'),
    ]);
    expect(record).toMatchObject({ state: 'finished', status: 'succeeded' });
    expect([second.stdout, second.checkpoint]).toEqual(['/workspace/a\n1\ndata\n', 2]);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { runSandbus } from '../cli/run-sandbus.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack();
const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const minutes = 3 * 60_000;
let sessions = 0;
const newSession = () => stack().sandbus.session(`outputs-${++sessions}`);

const below = (path: string) => readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();

describe('files that a request asks for', () => {
  it(
    'come with the result, are saved, and can be had again from the record',
    async () => {
      const command = 'mkdir -p dist/sub; echo app > dist/app.js; printf "\\0\\377" > dist/sub/b.bin; echo no > other';
      const result = await newSession().exec(command, { outputs: ['dist/**'] });
      const saved = join(folder, 'saved');
      expect(await result.outputs?.saveTo(saved)).toEqual(['dist/app.js', 'dist/sub/b.bin']);
      expect([below(saved), readFileSync(join(saved, 'dist/sub/b.bin')).toString('hex')]).toEqual([
        ['dist', 'dist/app.js', 'dist/sub', 'dist/sub/b.bin'],
        '00ff',
      ]);
      const again = (await stack().sandbus.executions.get(result.executionId))?.result;
      expect([again?.outputs?.files, await again?.outputs?.readText('dist/app.js')]).toEqual([
        result.outputs?.files,
        'app\n',
      ]);
    },
    minutes,
  );

  it(
    'are those of the workspace after the command, also those that an earlier one left, and stay what they were',
    async () => {
      const session = newSession();
      await session.exec('echo first > a.txt; echo kept > b.txt');
      const second = await session.exec('echo second > a.txt', { outputs: ['*.txt'] });
      const third = await session.exec('rm *.txt; echo third > a.txt', { outputs: ['*.txt'] });
      const contents = await Promise.all(
        [second, third].map(async ({ outputs }) =>
          Promise.all((outputs?.files ?? []).map(async ({ path }) => await outputs?.readText(path))),
        ),
      );
      expect(contents).toEqual([['second\n', 'kept\n'], ['third\n']]);
    },
    minutes,
  );

  it(
    'are collected of a command that fails or is ended, and not of one that asks for none',
    async () => {
      const session = newSession();
      const [failed, timedOut, silent] = [
        await session.exec('echo log > log; exit 3', { outputs: ['log'] }),
        await session.exec('echo more >> log; sleep 60', { outputs: ['log'], timeoutMs: 4000 }),
        await session.exec('true'),
      ];
      expect([failed.exitCode, await failed.outputs?.readText('log')]).toEqual([3, 'log\n']);
      expect([timedOut.status, await timedOut.outputs?.readText('log')]).toEqual(['timed-out', 'log\nmore\n']);
      expect(silent.outputs).toBeNull();
    },
    minutes,
  );

  it(
    'that are links or too many are told of, and the command is not the worse for it',
    async () => {
      const command = 'ln -s /etc/passwd a-link; for i in {100..356}; do echo $i > f$i; done; mkfifo pipe';
      const { outputs, status, warnings } = await newSession().exec(command, { outputs: ['*', 'nope/*'] });
      expect([status, outputs?.files.length, outputs?.missedCount]).toEqual(['succeeded', 256, 3]);
      expect(outputs?.missed).toEqual([
        { path: '/workspace/a-link', bytes: null, reason: 'no-file' },
        { path: '/workspace/f356', bytes: 4, reason: 'too-many' },
        { path: '/workspace/pipe', bytes: null, reason: 'no-file' },
      ]);
      expect(warnings).toEqual(
        expect.arrayContaining(['outputs: "nope/*" matches no file', 'outputs: 3 files were not collected']),
      );
    },
    minutes,
  );

  it.each([['/etc/*'], ['a/../../*'], ['{..,a}/x']])('are refused before anything is sent: %s', async (pattern) => {
    const running = newSession().exec('true', { outputs: [pattern] });
    await expect(running).rejects.toMatchObject({
      code: 'message/invalid',
      message: expect.stringContaining('outputs'),
    });
  });

  it(
    'are saved and listed by the command line',
    async () => {
      const saved = join(folder, 'by-cli');
      const sandbus = (...args: readonly string[]) => runSandbus(args, { env: stack().stack.clientEnv });
      const options = ['--session', 'outputs-cli', '--output', 'out/*', '--idempotency-key', 'outputs-cli-1'];
      const command = 'mkdir out; echo 1 > out/a; ln -s a out/b; echo done';
      const ran = await sandbus('exec', ...options, '--save', saved, '--', command);
      expect([ran.code, ran.stdout, ran.stderr, below(saved)]).toEqual([
        ...[0, 'done\n', 'sandbus: not collected: /workspace/out/b (no-file)\n'],
        ['out', 'out/a'],
      ]);
      const shown = await sandbus('executions', 'show', 'outputs-cli-1', '--save', `${saved}-later`);
      expect([shown.stdout.match(/^output .*$/gm), below(`${saved}-later`)]).toEqual([
        [
          expect.stringMatching(/^output +\/workspace\/out\/a, 2 bytes$/),
          expect.stringMatching(/^output +not collected: \/workspace\/out\/b \(no-file\)$/),
        ],
        ['out', 'out/a'],
      ]);
    },
    minutes,
  );
});

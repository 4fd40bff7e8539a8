import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { requestCaps } from '../../execution/request-sizes.ts';
import { runSandbus } from '../cli/run-sandbus.ts';
import { startProgram } from '../support/run-program.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack();
const minutes = 3 * 60_000;
let sessions = 0;
const newSession = () => stack().sandbus.session(`payloads-${++sessions}`);
const mib = 1024 * 1024;

/** What a command is made of that prints the length of the text between the two. */
const [before, after] = ["a='", "'; echo ${#a}"];
const lengthInside = (bytes: number) => bytes - before.length - after.length;
const commandOf = (bytes: number) => before + 'x'.repeat(lengthInside(bytes)) + after;

describe('what a request carries, by the message or by the bucket', () => {
  it(
    'is a command of any length, on both sides of each limit on the way',
    async () => {
      // One argument of a program; a message before values go to the bucket; a record before it does.
      const limits = [64 * 1024, 128 * 1024, 256 * 1024];
      const sizes = [...limits.flatMap((limit) => [limit - 200, limit, limit + 1]), 2 * mib];
      const results = await Promise.all(sizes.map((size) => newSession().exec(commandOf(size))));
      expect(results.map(({ stdout }) => stdout)).toEqual(sizes.map((size) => `${lengthInside(size)}\n`));
    },
    minutes,
  );

  it(
    'is input of any length, the same bytes on both sides of each limit',
    async () => {
      const sizes = [0, 1, 191 * 1024, 192 * 1024, 256 * 1024, 256 * 1024 + 1, 9 * mib];
      const results = await Promise.all(
        sizes.map((size) => newSession().exec('sha256sum', { stdin: Buffer.alloc(size, 'é') })),
      );
      expect(results.map(({ stdout }) => stdout.split(' ')[0])).toEqual(
        sizes.map((size) => createHash('sha256').update(Buffer.alloc(size, 'é')).digest('hex')),
      );
    },
    minutes,
  );

  it(
    'is as many variables as may be, each as long as may be, and programs can be started with them',
    async () => {
      const value = 'x'.repeat(requestCaps.variable - 'V0='.length);
      const env = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`V${n}`, value]));
      const { stdout, stderr } = await newSession().exec('printenv V7 | wc -c', { env });
      expect([stdout, stderr]).toEqual([`${value.length + 1}\n`, '']);
      await expect(newSession().exec('true', { env: { ...env, V8: '' } })).rejects.toMatchObject({
        code: 'request/over-limit',
        message: '[request/over-limit] env has 1048580 bytes; at most 1048576 are possible',
      });
    },
    minutes,
  );

  it(
    'is a stream, short or long, and one that asks again under its key is the same request',
    async () => {
      const long = Buffer.alloc(600 * 1024, 'y');
      const [short, first] = await Promise.all([
        newSession().exec('cat', { stdin: Readable.from(['a', 'b']) }),
        newSession().exec('wc -c', { stdin: Readable.from([long]), idempotencyKey: 'payloads-stream' }),
      ]);
      expect([short.stdout, first.stdout]).toEqual(['ab', `${long.length}\n`]);
      const again = stack().sandbus.session(first.sessionId);
      const repeated = await again.exec('wc -c', { stdin: Readable.from([long]), idempotencyKey: 'payloads-stream' });
      expect(repeated.checkpoint).toBe(first.checkpoint);
      await expect(
        again.exec('wc -c', { stdin: Readable.from([long, 'z']), idempotencyKey: 'payloads-stream' }),
      ).rejects.toMatchObject({ code: 'request/id-conflict' });
    },
    minutes,
  );

  it(
    'is as much from a file of the command line, and a file that is not there is told of',
    async () => {
      const sandbus = (stdin: string) =>
        runSandbus(['exec', '-s', 'payloads-cli', '--stdin', stdin, '--', 'wc -c'], {
          env: stack().stack.clientEnv,
          stdin: Buffer.alloc(mib),
        });
      const [given, missing] = [await sandbus('-'), await sandbus('/nonexistent')];
      expect([given.stdout, missing.code, missing.stderr]).toEqual([
        `${mib}\n`,
        expect.any(Number),
        expect.stringContaining('/nonexistent'),
      ]);
    },
    minutes,
  );

  it(
    'is never held in memory as a whole by the client where it is a stream',
    async () => {
      const program = join(import.meta.dirname, 'send-long-input.ts');
      const sent = requestCaps.stdin / mib;
      const { ended } = startProgram([process.execPath, program, 'payloads-memory', String(sent)], {
        env: { ...stack().stack.clientEnv },
      });
      const { stdout, stderr, code } = await ended;
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      const { counted, grownMib } = JSON.parse(stdout);
      expect(counted).toBe(String(sent * mib));
      expect(grownMib).toBeLessThan(sent * 0.8);
    },
    minutes,
  );
});

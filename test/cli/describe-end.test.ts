import { describe, expect, it } from '@jest/globals';
import { describeEnd } from '../../cli/describe-end.ts';
import { renderProgress } from '../../cli/progress.ts';
import { renderDuration } from '../../cli/render-time.ts';
import { resultJson } from '../../cli/result-json.ts';
import type { Outcome } from '../../client/index.ts';
import { ExecutionOutputs } from '../../client/outputs/execution-outputs.ts';
import { aResult } from './a-result.ts';

describe('what a person is told of an end', () => {
  it.each([0, 3])('is nothing for exit code %d, which speaks for itself', (exitCode) => {
    expect(describeEnd(aResult({ outcome: { kind: 'exited', exitCode } }), true)).toEqual([]);
  });

  it.each<{ outcome: Outcome; told: string }>([
    { outcome: { kind: 'signaled', signal: 'SIGSEGV' }, told: 'ended by SIGSEGV' },
    { outcome: { kind: 'timed-out', limit: 'wall-time', limitMs: 30_000 }, told: 'timed out after 30 s' },
    { outcome: { kind: 'timed-out', limit: 'idle-output', limitMs: 5_000 }, told: 'timed out: no output for 5 s' },
    {
      outcome: { kind: 'timed-out', limit: 'cpu-time', limitMs: 5_000 },
      told: 'timed out: used 5 s of processor time',
    },
    { outcome: { kind: 'cancelled', by: 'request' }, told: 'cancelled' },
    { outcome: { kind: 'cancelled', by: 'request', reason: 'enough' }, told: 'cancelled: enough' },
    { outcome: { kind: 'cancelled', by: 'shutdown' }, told: 'cancelled by a shutdown' },
    { outcome: { kind: 'out-of-memory', evidence: 'oom_kill 1' }, told: 'out of memory: oom_kill 1' },
    { outcome: { kind: 'output-limit', limitBytes: 10 }, told: 'ended for writing more than 10 bytes' },
    { outcome: { kind: 'launch-failed', code: 'launch/quota', message: 'no' }, told: 'not started: [launch/quota] no' },
    { outcome: { kind: 'rejected', code: 'session/closed', message: 'no' }, told: 'rejected: [session/closed] no' },
    { outcome: { kind: 'lost', evidence: 'no heartbeat' }, told: 'lost: no heartbeat' },
  ])('is "$told"', ({ outcome, told }) => {
    expect(describeEnd(aResult({ outcome }), true)).toEqual([told]);
  });

  it('is how much was written where the output is cut, and, for a person who watches, every warning', () => {
    const result = aResult({
      truncated: { stdout: false, stderr: true },
      outputBytes: { stdout: 1, stderr: 99 },
      warnings: ['slow'],
    });
    const cut = 'stderr is not complete: the command wrote 99 bytes';
    expect([describeEnd(result, true), describeEnd(result, false)]).toEqual([[cut, 'warning: slow'], [cut]]);
  });
});

describe('what a person is told of ports and files', () => {
  const ports = (count: number) => Array.from({ length: count }, (_, i) => ({ port: i + 1, address: '::1' }));

  it.each([
    [63, 'it left something listening on [::1]:63, which was ended with it'],
    [64, 'it may have listened on more: no more than 64 are told'],
  ])('ends, for %d ports, with "%s"', (count, last) => {
    expect(describeEnd(aResult({ listening: ports(count) }), true).at(-1)).toBe(last);
  });

  it('is that no pattern matched, by a warning for whoever watches and by a line of its own for others', () => {
    const none = new ExecutionOutputs(
      'e',
      { files: [], missed: [], more: 0 },
      { readObjectPart: async () => Buffer.alloc(0) },
    );
    const result = aResult({ outputs: none, warnings: ['outputs: "x*" matches no file'] });
    expect([describeEnd(result, true), describeEnd(result, false)]).toEqual([
      ['warning: outputs: "x*" matches no file'],
      ['nothing was collected: no pattern matches a file'],
    ]);
  });
});

describe('the JSON of a result', () => {
  it('has exact bytes as base64, and only where the output is not text', () => {
    const json = resultJson(aResult({ stdoutBytes: Buffer.from([255]) }));
    expect(json).toMatchObject({ executionId: 'e', stdoutBase64: '/w==' });
    expect(Object.keys(json)).not.toContain('stderrBase64');
    expect(Object.keys(json)).not.toContain('stdoutBytes');
  });
});

describe('a time that passed', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1 s'],
    [12_340, '12.3 s'],
    [59_940, '59.9 s'],
    [60_000, '1 min 0 s'],
    [3_725_000, '62 min 5 s'],
  ])('of %d ms is shown as %s', (ms, text) => {
    expect(renderDuration(ms)).toBe(text);
  });

  it('is shown with the state that is waited in', () => {
    expect([renderProgress(null, 1999), renderProgress('queued', 61_000)]).toEqual([
      '… sent (1 s)',
      '… waiting for its turn in the session (1 min 1 s)',
    ]);
  });
});

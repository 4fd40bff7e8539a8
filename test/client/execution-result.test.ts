import { describe, expect, it } from '@jest/globals';
import { buildResult } from '../../client/execution-result.ts';
import { type EndedExecution, finalOutputOf, readOutput } from '../../client/read-output.ts';
import { defaultLimits } from '../../execution/limits.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { FinishedExecution, RejectedExecution } from '../../execution/records.ts';
import type { CompletionEvent } from '../../schemas/generated/messages.ts';

const sha256 = 'a'.repeat(64);
const anObject = (object: string, bytes: number) => ({ object, bytes, sha256 });

function anEvent(overrides: Partial<CompletionEvent> = {}): CompletionEvent {
  return {
    executionId: 'e',
    sessionId: 's',
    tenantId: 'default',
    generation: 1,
    leaseId: 'l',
    epoch: 1,
    outcome: { kind: 'exited', exitCode: 3 },
    status: 'failed',
    exitCode: 3,
    signal: null,
    stdout: 'out',
    stderr: 'err',
    outputBytes: { stdout: 3, stderr: 3 },
    truncated: { stdout: false, stderr: false },
    newState: null,
    stateCaptured: true,
    wall: 'bubblewrap',
    stages: { runMs: 7 },
    finishedAt: '2026-01-01T00:00:01.000Z',
    ...overrides,
  };
}

const base = {
  executionId: 'e',
  sessionId: 's',
  tenantId: 'default',
  seq: 4,
  requestDigest: 'd',
  request: { kind: 'inline' as const, request: { executionId: 'e', sessionId: 's', command: 'exit 3' } },
  maxGenerations: 1,
  starts: 1,
  limits: defaultLimits,
  acceptedAt: 1000,
};

const finished = (event: Partial<CompletionEvent> = {}): FinishedExecution => ({
  ...base,
  state: 'finished',
  launch: null,
  result: anEvent(event),
  finishedAt: 1250,
  expireAt: 9000,
  next: null,
});

const rejected: RejectedExecution = {
  ...base,
  seq: 0,
  state: 'rejected',
  code: 'session/closed',
  message: 'it is closed',
  owedEnd: { owedAt: 1000 },
};

const noObjects = async (object: string): Promise<Uint8Array> => {
  throw new PipelineError('google/not-found', `read ${object}: no such object`);
};

async function resultOf(record: EndedExecution, objects: Record<string, Uint8Array> = {}) {
  const output = await readOutput(record, async (object) => objects[object] ?? noObjects(object));
  return { result: buildResult(record, output, { readObjectPart: noObjects }), final: finalOutputOf(record, output) };
}

describe('the result of an execution', () => {
  it('tells what of the network was refused, where the command had one', async () => {
    const network = { refused: [{ host: 'a.example', port: 80, reason: 'not-allowed' as const, count: 1 }], more: 0 };
    expect((await resultOf(finished({ network }))).result).toMatchObject({ network });
  });

  it('has what the completion event tells, and the time from acceptance to the stored outcome', async () => {
    const { result } = await resultOf(finished({ usage: { wallMs: 7 }, warnings: ['slow'] }));
    expect(result).toEqual({
      executionId: 'e',
      sessionId: 's',
      seq: 4,
      outputs: null,
      listening: null,
      shell: null,
      status: 'failed',
      exitCode: 3,
      signal: null,
      outcome: { kind: 'exited', exitCode: 3 },
      stdout: 'out',
      stderr: 'err',
      stdoutBytes: null,
      stderrBytes: null,
      outputBytes: { stdout: 3, stderr: 3 },
      truncated: { stdout: false, stderr: false },
      cwd: null,
      state: null,
      stateCaptured: true,
      checkpoint: null,
      stages: { runMs: 7 },
      usage: { wallMs: 7 },
      wall: 'bubblewrap',
      network: null,
      limits: null,
      limitReached: null,
      hints: [],
      warnings: ['slow'],
      labels: {},
      durationMs: 250,
      replayOf: null,
    });
  });

  it('has what the command was held to, and what ended it', async () => {
    const told = {
      limits: { memoryMb: { value: 512, heldBy: 'cgroup-v2' } },
      limitReached: { limit: 'memoryMb', evidence: 'oom_kill 1' },
      hints: ['disk-full: x'],
    } as const;
    expect((await resultOf(finished({ ...told, hints: [...told.hints] }))).result).toMatchObject(told);
  });

  it('names the directory and the checkpoint that the command left', async () => {
    const checkpoint = {
      number: 7,
      parent: 6,
      manifest: anObject('sessions/s/manifests/m', 10),
      state: null,
      entries: 1,
      workspaceBytes: 1,
    };
    const newState = { cwd: '/workspace/src', env: { set: {}, removed: [] }, services: [], checkpoint };
    const { result } = await resultOf(finished({ newState }));
    expect([result.cwd, result.checkpoint, result.state]).toEqual(['/workspace/src', 7, newState]);
  });

  it('is a result, not an error, for a rejected execution', async () => {
    const { result } = await resultOf(rejected);
    expect(result).toMatchObject({
      status: 'rejected',
      outcome: { kind: 'rejected', code: 'session/closed', message: 'it is closed' },
      exitCode: null,
      stdout: '',
      stages: {},
      wall: null,
    });
  });

  it('has the exact bytes beside the text where they are not UTF-8', async () => {
    const { result } = await resultOf(finished({ stdout: '\uFFFD', stdoutBase64: '/w==' }));
    expect([result.stdout, result.stdoutBytes, result.stderrBytes]).toEqual(['\uFFFD', Buffer.from([255]), null]);
  });

  it('keeps a byte order mark, which the command wrote', async () => {
    const { result } = await resultOf(finished({ stdout: '\uFEFFa' }));
    expect(result.stdout).toBe('\uFEFFa');
  });
});

describe('output that is too long for a message', () => {
  const cut = 'beg\n[sandbus: 3 of 9 bytes are left out here]\nend';
  const long = finished({
    stdout: cut,
    truncated: { stdout: true, stderr: false },
    outputBytes: { stdout: 9, stderr: 3 },
    outputRefs: { stdout: anObject('executions/e/g1/stdout', 9) },
  });

  it('is read whole from the bucket', async () => {
    const { result, final } = await resultOf(long, { 'executions/e/g1/stdout': Buffer.from('beginning') });
    expect([result.stdout, result.truncated.stdout, result.warnings]).toEqual(['beginning', false, []]);
    expect(final).toEqual({ generation: 1, stdout: Buffer.from('beginning'), stderr: Buffer.from('err') });
  });

  it('stays truncated where the bucket has less than was written, as at the output limit', async () => {
    const { result, final } = await resultOf(long, { 'executions/e/g1/stdout': Buffer.from('beginnin') });
    expect([result.stdout, result.truncated.stdout]).toEqual(['beginnin', true]);
    expect(final.stdout).toEqual(Buffer.from('beginnin'));
  });

  it.each([
    ['all that was discarded', 3, 9, 'begin!ter', false],
    ['the end of what was discarded', 6, 12, 'begin!\n[sandbus: 3 of 12 bytes are left out here]\nter', true],
    ['what was discarded and not what the bucket has', 2, 8, 'begin!er', false],
  ])('ends with %s of a command that went on after the limit', async (_what, discarded, written, stdout, isTruncated) => {
    const event = finished({
      stdout: `be\n[sandbus: ${written - 5} of ${written} bytes are left out here]\nter`,
      truncated: { stdout: true, stderr: false },
      outputBytes: { stdout: written, stderr: 3 },
      discardedBytes: { stdout: discarded, stderr: 0 },
      outputRefs: { stdout: anObject('executions/e/g1/stdout', 6) },
    });
    const { result, final } = await resultOf(event, { 'executions/e/g1/stdout': Buffer.from('begin!') });
    expect([result.stdout, result.truncated.stdout, result.stderr]).toEqual([stdout, isTruncated, 'err']);
    expect(final.stdout).toEqual(Buffer.from('begin!'));
  });

  it('is as much as the completion event has where the bucket has lost it, with a warning', async () => {
    const { result, final } = await resultOf(long);
    expect([result.stdout, result.truncated.stdout]).toEqual([cut, true]);
    expect(result.warnings).toEqual([
      'stdout has 9 bytes in executions/e/g1/stdout, which could not be read: [google/not-found] read executions/e/g1/stdout: no such object',
    ]);
    expect(final.stdout).toEqual(Buffer.from('beg'));
  });

  it('is continued only by what comes before the first gap, counted in bytes', async () => {
    const stdout = 'é\n[sandbus: 3 of 9 bytes are left out here]\nend';
    const { final } = await resultOf(finished({ stdout, truncated: { stdout: true, stderr: true } }));
    expect([final.stdout, final.stderr]).toEqual([Buffer.from('é'), Buffer.alloc(0)]);
  });
});

import { randomUUID } from 'node:crypto';
import type { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPipelineTools, type PipelineTools } from '../client/pipeline-tools.ts';
import { forwardedFrom } from '../support/dead-letter-world.ts';
import { openPubsub } from '../support/raw-messages.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { runSandbus } from './run-sandbus.ts';

/** What is replayed is accepted and never begins: the tests are about dead letters. */
const stack = useStack({ startDelayMs: 600_000 });
let pubsub: PubSub;
let tools: PipelineTools;
beforeAll(() => {
  pubsub = openPubsub(stack());
  tools = openPipelineTools(stack().stack.clientEnv);
});
afterAll(() => Promise.all([pubsub.close(), tools.close()]));

const sandbus = (...args: readonly string[]) => runSandbus(['dlq', ...args], { env: stack().stack.clientEnv });
const request = (fields: object = {}) => ({
  executionId: randomUUID(),
  sessionId: randomUUID(),
  command: 'x',
  ...fields,
});
const publish = (topic: string, data: unknown, attributes: Record<string, string> = {}) =>
  pubsub.topic(topic).publishMessage({
    data: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
    attributes,
  });

async function conflict(): Promise<unknown> {
  const first = request();
  await publish('exec-requests', first);
  await tools.untilExecution(first.executionId, () => true);
  return { ...first, command: 'another' };
}

/** Finds the one dead letter of a code by the command line alone. */
const find = (code: string) =>
  until(`a dead letter of ${code}`, async () => {
    const { stdout } = await sandbus('ls', '--code', code, '--state', 'open', '--since', '1h', '--json');
    const [found] = JSON.parse(stdout).deadLetters;
    return found === undefined ? null : (found.deadLetterId as string);
  });

const ids = () => ['--set', `executionId=${randomUUID()}`, '--set', `sessionId=${randomUUID()}`];

describe('an operator with nothing but the command line', () => {
  it.each<[string, string, () => unknown, Record<string, string>, () => readonly string[]]>([
    ['message/not-json', 'exec-requests', () => 'hello', {}, () => [...ids(), '--set', 'command=echo hi']],
    ['message/invalid', 'exec-requests', () => request({ cwdd: 'x' }), {}, () => ['--set', 'cwdd=null']],
    ['message/unsupported-version', 'exec-requests', () => request({ version: 2 }), {}, () => ['--set', 'version=1']],
    ['request/id-conflict', 'exec-requests', conflict, {}, () => []],
    [
      'delivery/exhausted',
      'exec-requests-dead-letter',
      request,
      forwardedFrom('exec-requests-dispatcher'),
      () => ['--mode', 'fork'],
    ],
  ])(
    'finds, understands and repairs a message of %s',
    async (code, topic, message, attributes, edits) => {
      await publish(topic, await message(), attributes);
      const id = await find(code);
      const shown = await sandbus('show', id);
      expect(shown.stdout).toMatch(new RegExp(`^code +${code}\\nreason +\\S.*\\nadvice +\\S`, 'm'));
      const replayed = await sandbus('replay', id, '--reason', 'mended', ...edits(), '--json');
      expect([replayed.code, JSON.parse(replayed.stdout)]).toMatchObject([0, { replays: [{ refused: null }] }]);
      const [{ executionId }] = JSON.parse(replayed.stdout).replays;
      const accepted = await tools.untilExecution(executionId, ({ state }) => state !== 'rejected');
      expect(accepted.replayOf).toMatchObject({ deadLetterId: id, reason: 'mended' });
      expect((await sandbus('show', id)).stdout).toMatch(
        new RegExp(`^state +replayed$[^]*^replay +.* as ${executionId}`, 'm'),
      );
    },
    180_000,
  );

  const event = {
    ...{ executionId: 'e', sessionId: 's', tenantId: 't', generation: 0, leaseId: null, epoch: 0 },
    ...{ outcome: { kind: 'exited', exitCode: 0 }, status: 'succeeded', exitCode: 0, signal: null },
    ...{ stdout: '', stderr: '', outputBytes: { stdout: 0, stderr: 0 }, truncated: { stdout: false, stderr: false } },
    ...{ newState: null, stateCaptured: false, wall: null, stages: {}, finishedAt: '2026-01-01T00:00:00Z' },
  };

  it.each([
    ['result/bad-signature', event, 'Only an executor that holds the lease can sign its result'],
    ['message/invalid', { ...event, epoch: -1 }, 'Correct the fields that the message lists'],
  ])(
    'sees a result of %s, that a replay of it is refused, by a dry run too, and dismisses it',
    async (code, result, advice) => {
      await publish('exec-results', result);
      const id = await find(code);
      expect((await sandbus('show', id)).stdout).toContain(advice);
      const few = ['--code', code, '--topic', 'exec-results', '--reason', 'try'];
      const dryRun = await sandbus('replay', ...few, '--dry-run');
      expect([dryRun.code, dryRun.stdout]).toEqual([1, expect.stringContaining(`[${code}] `)]);
      expect(dryRun.stdout).toMatch(/^0 would be replayed, 1 refused$/m);
      const replayed = await sandbus('replay', id, '--reason', 'try', '--json');
      expect([replayed.code, JSON.parse(replayed.stdout)]).toMatchObject([1, { replays: [{ refusedCode: code }] }]);

      const listed = async (...more: string[]) =>
        JSON.parse((await sandbus('ls', '--code', code, '--topic', 'exec-results', '--json', ...more)).stdout)
          .deadLetters.length;
      expect(await sandbus('dismiss', ...few, '--dry-run')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('1 would be dismissed, 0 refused'),
      });
      expect(await listed()).toBe(1);
      expect(await sandbus('dismiss', ...few)).toMatchObject({ code: 0, stdout: '1 dismissed, 0 refused\n' });
      expect([await listed(), await listed('--state', 'dismissed'), await listed('--state', 'any')]).toEqual([0, 1, 1]);
      expect((await sandbus('show', id)).stdout).toMatch(/^state +dismissed$.*^dismissed +\S+ \(reason: try\)$/ms);
      expect((await sandbus('replay', id, '--reason', 'again', '--dry-run')).stdout).toContain('[replay/dismissed] ');
    },
    180_000,
  );
});

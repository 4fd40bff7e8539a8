import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReplayOrder } from '../../client/index.ts';
import { useStack } from '../support/stack.ts';
import { openPipelineTools, type PipelineTools } from './pipeline-tools.ts';

/** What is replayed is stored on its topic, and nobody takes it: the first two services would only be busy with it. */
const stack = useStack({ startDelayMs: 600_000 });
const deadLetters = () => stack().sandbus.deadLetters;
let tools: PipelineTools;
beforeAll(() => {
  tools = openPipelineTools(stack().stack.clientEnv);
});
afterAll(() => tools.close());

/** Dead letters that an edit of `command` makes requests, of a label of their own. */
async function publishMany(count: number) {
  const label = `batch=${randomUUID()}`;
  const sessionId = `s-${randomUUID()}`;
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const labels = { batch: label.slice('batch='.length) };
    const request = { executionId: randomUUID(), sessionId, command: '', labels };
    ids.push(await tools.publishRefused(JSON.stringify(request)));
  }
  return { ids, filter: { label } };
}
const mended = { reason: 'mended', set: { command: 'true' } };
const replaysOf = (ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await deadLetters().get(id))?.replays.map(({ refused }) => refused)));

describe('a replay by a filter', () => {
  it('is of those that it means, the oldest first, with its progress', async () => {
    const { ids, filter } = await publishMany(3);
    const others = await publishMany(1);
    const told: string[] = [];
    const onProgress: ReplayOrder['onProgress'] = ({ done, total }) => void told.push(`${done} of ${total}`);
    const replays = await deadLetters().replay({ filter, ...mended, onProgress });
    expect(replays.map(({ deadLetterId, refused }) => [deadLetterId, refused])).toEqual(ids.map((id) => [id, null]));
    expect(told).toEqual(['0 of 3', '1 of 3', '2 of 3', '3 of 3']);
    expect(await replaysOf(others.ids)).toEqual([[]]);
  });

  it('is of open ones, so that it does nothing when it is given again', async () => {
    const { ids, filter } = await publishMany(2);
    await deadLetters().replay({ filter, ...mended });
    expect(await deadLetters().replay({ filter, ...mended })).toEqual([]);
    expect(
      await deadLetters().replay({ filter: { ...filter, state: 'replayed' }, again: true, ...mended }),
    ).toHaveLength(2);
    expect(await replaysOf(ids)).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('goes on where it was stopped', async () => {
    const { ids, filter } = await publishMany(5);
    const stopping = new AbortController();
    const onProgress: ReplayOrder['onProgress'] = ({ done }) => done === 2 && stopping.abort();
    const stopped = deadLetters().replay({ filter, ...mended, signal: stopping.signal, onProgress });
    await expect(stopped).rejects.toThrow('[client/aborted] stopped after 2 of 5 dead letters; the same order goes on');
    expect(await deadLetters().replay({ filter, ...mended })).toHaveLength(3);
    expect(await replaysOf(ids)).toEqual(ids.map(() => [null]));
  });

  it('that two people order at the same time, each in their own words, replays each dead letter once', async () => {
    const { ids, filter } = await publishMany(6);
    const reasons = ['mended', 'repaired', 'fixed'];
    await Promise.all(reasons.map((reason) => deadLetters().replay({ filter, ...mended, reason })));
    const published = (await replaysOf(ids)).map((replays) => replays?.filter((refused) => refused === null).length);
    expect(published).toEqual(ids.map(() => 1));
  });

  it('is only told of in a dry run', async () => {
    const { ids, filter } = await publishMany(2);
    const told = await deadLetters().replay({ filter, ...mended, dryRun: true });
    expect(told.map(({ deadLetterId, message }) => [deadLetterId, message])).toEqual(
      ids.map((id) => [id, expect.objectContaining({ command: 'true' })]),
    );
    expect(await replaysOf(ids)).toEqual([[], []]);
  });

  it.each<[string, Partial<ReplayOrder>]>([
    ['the filter is empty', {}],
    ['the filter is empty', { filter: {} }],
    ['the filter is empty', { filter: { state: 'open' } }],
    ['all and a filter contradict', { all: true, filter: { sessionId: 's' } }],
    ['a replay takes ids, or a filter or all', { ids: ['a'], all: true }],
    ['a replay takes ids, or a filter or all', { ids: ['a'], filter: { sessionId: 's' } }],
    ['sessionId must not be empty', { filter: { sessionId: '' } }],
    ['label "a" must be of the form name=value', { filter: { label: 'a' } }],
    ['since is not a time', { filter: { since: new Date('x') } }],
    ['perSecond 0 must be', { filter: { sessionId: 'none' }, perSecond: 0 }],
  ])('is refused: %s', async (problem, order) => {
    await expect(deadLetters().replay({ ...mended, ...order })).rejects.toThrow(`[message/invalid] ${problem}`);
  });
});

describe('the list of dead letters', () => {
  it('goes on behind the last one of the page before', async () => {
    const { ids, filter } = await publishMany(3);
    const first = await deadLetters().list({ ...filter, limit: 2 });
    const last = first.at(-1);
    const second = await deadLetters().list({ ...filter, limit: 2, ...(last && { after: last }) });
    expect([...first, ...second].map(({ deadLetterId }) => deadLetterId)).toEqual(ids.toReversed());
    expect(await deadLetters().count(filter)).toBe(3);
  });
});

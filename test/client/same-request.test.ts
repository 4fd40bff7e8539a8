import { describe, expect, it } from '@jest/globals';
import { requireSameRequest } from '../../client/same-request.ts';

const request = { executionId: 'e', sessionId: 's', command: 'true', env: { A: '1', B: '2' } };
const readObject = async (object: string) => Buffer.from(object.replace('executions/', ''));

const storedAs = (value: object) => ({ request: { kind: 'inline' as const, request: { ...request, ...value } } });

describe('an idempotency key that is used again', () => {
  it.each([
    ['in the same words', {}],
    ['with its fields in another order', { env: { B: '2', A: '1' } }],
    ['with its output streamed', { streamOutput: true }],
  ])('is accepted for the same request %s', async (_how, change) => {
    await expect(requireSameRequest({ readObject }, request, storedAs(change))).resolves.toBeUndefined();
  });

  it.each([
    ['command', { command: 'false' }],
    ['session', { sessionId: 'other' }],
    ['environment', { env: { A: '1' } }],
    ['timeout', { timeoutMs: 5 }],
  ])('is refused for another %s, whose outcome would be somebody else’s', async (_what, change) => {
    const first = storedAs(change);
    await expect(requireSameRequest({ readObject }, request, first)).rejects.toThrow('[request/id-conflict] e names');
  });

  it.each([
    { command: 'true', outcome: 'accepted' },
    { command: 'false', outcome: '[request/id-conflict]' },
  ])('is compared with a long request in the bucket: $command is $outcome', async ({ command, outcome }) => {
    const ref = { object: JSON.stringify({ ...request, command }), bytes: 1, sha256: '' };
    const checked = requireSameRequest({ readObject }, request, { request: { kind: 'object', ref } });
    expect(await checked.then(() => 'accepted', String)).toContain(outcome);
  });
});

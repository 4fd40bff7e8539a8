import { describe, expect, it } from '@jest/globals';
import { type AdmissionFacts, findRejection, objectsOf } from '../../dispatcher/find-rejection.ts';
import { defaultLimits } from '../../execution/limits.ts';
import { requestCaps } from '../../execution/request-sizes.ts';
import type { ExecRequest } from '../../schemas/generated/messages.ts';
import { aCheckpoint, aRequest, aSession, t0 } from '../support/records.ts';

const policy = { ceilings: defaultLimits, networks: ['none'] as const };
const reason = (request: Partial<ExecRequest>, facts: Partial<AdmissionFacts> = {}) =>
  findRejection({ request: aRequest(request), session: aSession(), checkpoint: undefined, now: t0, ...facts }, policy)
    ?.code ?? null;

const ref = (object: string) => ({ object, bytes: 1, sha256: 'a'.repeat(64) });
const sized = (bytes: number) => ({ ...ref('uploads/x'), bytes });
const at = (ms: number) => new Date(ms).toISOString();

describe('a request', () => {
  it('is taken when nothing speaks against it', () => {
    expect(reason({})).toBeNull();
  });
  it.each<[string, Partial<ExecRequest>, string | null]>([
    ['a millisecond before it expires', { expiresAt: at(t0 + 1) }, null],
    ['at the instant it expires', { expiresAt: at(t0) }, 'request/expired'],
    ['for a network that is allowed', { network: 'none' }, null],
    ['for a network that is not', { network: 'internet' }, 'request/network-unavailable'],
    ['for as much time as may be', { timeoutMs: defaultLimits.timeoutMs }, null],
    ['for a millisecond more', { timeoutMs: defaultLimits.timeoutMs + 1 }, 'request/over-limit'],
    ['for more memory than may be', { limits: { memoryMb: defaultLimits.memoryMb + 1 } }, 'request/over-limit'],
    ['with stdin among the uploads', { stdin: { ref: ref('uploads/x') } }, null],
    ['with stdin of another session', { stdin: { ref: ref('sessions/s2/packs/x') } }, 'request/foreign-object'],
    [
      'with a command of another execution',
      { commandRef: ref('executions/e2/request.json') },
      'request/foreign-object',
    ],
    [
      'with a file of the dead letters',
      { files: [{ path: 'a', content: { ref: ref('dead-letters/x') } }] },
      'request/foreign-object',
    ],
    ['with patterns of files to collect', { outputs: ['dist/**', '*.{png,svg}'] }, null],
    ['with a pattern whose braces lead up', { outputs: ['a', '{..,b}/x'] }, 'request/outputs-invalid'],
    ['with as much input as may be', { stdin: { ref: sized(requestCaps.stdin) } }, null],
    ['with a byte more', { stdin: { ref: sized(requestCaps.stdin + 1) } }, 'request/over-limit'],
    ['from the empty workspace', { checkpoint: 0 }, null],
    ['from a checkpoint that the session has not', { checkpoint: 1 }, 'request/unknown-checkpoint'],
  ])('%s: %j → %j', (_what, request, code) => {
    expect(reason(request)).toBe(code);
  });
  it.each([
    [{ limits: { memoryMb: 256 } }, null],
    [{ limits: { memoryMb: 257 } }, 'memoryMb 257 is more than 256, the ceiling of the tenant team-a'],
    [{ limits: { pids: 257 } }, 'pids 257 is more than 256, the ceiling of the deployment'],
    [{ timeoutMs: 1001 }, 'timeoutMs 1001 is more than 1000, the ceiling of the tenant team-a'],
  ])('that is held to the ceilings of its tenant: %j', (asked, message) => {
    const request = aRequest({ tenantId: 'team-a', ...asked });
    const tenantCeilings = { memoryMb: 256, timeoutMs: 1000 };
    const facts = { request, session: aSession(), checkpoint: undefined, tenantCeilings, now: t0 };
    expect(findRejection(facts, policy)?.message ?? null).toBe(message);
  });
  it('from a checkpoint that the session has is taken', () => {
    const checkpoint = { ...aCheckpoint(1), sessionId: 's1', executionId: 'e0', createdAt: t0 };
    expect(reason({ checkpoint: 1 }, { checkpoint })).toBeNull();
  });
  it('for a closed session is turned down', () => {
    expect(reason({}, { session: aSession({ state: 'closed' }) })).toBe('session/closed');
  });
});

describe('a request for a network', () => {
  const open = { ...policy, networks: ['none', 'internet'] as const };
  const rejection = (network: unknown, tenantNetwork: unknown) =>
    findRejection(
      {
        request: { ...aRequest({ tenantId: 't' }), network: network as ExecRequest['network'] & {} },
        session: aSession(),
        checkpoint: undefined,
        tenantNetwork,
        now: t0,
      },
      open,
    );
  const list = (...hosts: string[]) => ({ allow: hosts.map((host) => ({ host, ports: [443] })) });

  it.each([
    ['none', 'none'],
    ['internet', undefined],
    ['internet', 'internet'],
    [list('a.example.com'), undefined],
    [list('a.example.com'), 'internet'],
    [list('a.example.com'), list('*.example.com')],
    ['none', 'nonsense'],
  ])('%j is taken where the tenant has %j', (network, tenantNetwork) => {
    expect(rejection(network, tenantNetwork)).toBeNull();
  });

  it.each([
    ['internet', 'none', 'tenants/t allows less than network "internet"'],
    ['internet', list('a.example.com'), 'tenants/t allows less than network "internet"'],
    [
      list('a.example.com'),
      list('b.example.com'),
      'tenants/t allows less than network {"allow":[{"host":"a.example.com","ports":[443]}]}',
    ],
    ['internet', 'Internet', 'the network in tenants/t must be "none", "internet" or an object with "allow"'],
    [
      { allow: [{ cidr: '10.0.0.1/8' }] },
      undefined,
      'network allow[0].cidr "10.0.0.1/8" must be a range of addresses such as "203.0.113.0/24" or "2001:db8::/32", with no bit set after the prefix',
    ],
    [{ allow: [{ host: 'a.example.com', ports: [25] }] }, 'internet', expect.stringContaining('allows less than')],
  ])('%j is turned down where the tenant has %j', (network, tenantNetwork, message) => {
    expect(rejection(network, tenantNetwork)).toEqual({ code: 'request/network-not-allowed', message });
  });

  it('is turned down where the deployment gives none, whatever the tenant has', () => {
    const facts = { session: aSession(), checkpoint: undefined, tenantNetwork: 'internet', now: t0 };
    const request = aRequest({ network: { allow: [{ host: 'a.example.com' }] } });
    expect(findRejection({ ...facts, request }, policy)).toEqual({
      code: 'request/network-unavailable',
      message: 'a network with a list is not allowed here',
    });
  });
});

describe('the objects of a request', () => {
  it('are those of its command, its stdin and its files', () => {
    const request = aRequest({
      commandRef: ref('uploads/1'),
      stdin: { ref: ref('uploads/2') },
      files: [
        { path: 'a', content: { ref: ref('uploads/3') } },
        { path: 'b', content: { text: '' } },
      ],
    });
    expect(objectsOf(request).map(({ object }) => object)).toEqual(['uploads/1', 'uploads/2', 'uploads/3']);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isWithinPolicy, mayUsePort, type NetworkPolicy, readNetworkPolicy } from '../../execution/network-policy.ts';

const policyOf = (value: unknown): NetworkPolicy => {
  const read = readNetworkPolicy(value);
  return read.ok ? read.policy : { kind: 'none' };
};
const problemOf = (value: unknown): string | null => {
  const read = readNetworkPolicy(value);
  return read.ok ? null : read.problem;
};
const host = (name: unknown, ports?: unknown) => ({ allow: [{ host: name, ...(ports !== undefined && { ports }) }] });
const cidr = (range: unknown, ports?: unknown) => ({ allow: [{ cidr: range, ...(ports !== undefined && { ports }) }] });

describe('a network policy', () => {
  it.each(['none', 'internet'] as const)('is %s', (kind) => {
    expect(policyOf(kind)).toEqual({ kind });
  });

  it('is a list of hosts and ranges, whose letters are small', () => {
    expect(policyOf({ allow: [{ host: 'API.example.com', ports: [443] }, { host: '*.example.org' }] })).toEqual({
      kind: 'allow-list',
      rules: [
        { kind: 'host', name: 'api.example.com', ports: [443] },
        { kind: 'hosts-below', name: 'example.org', ports: null },
      ],
    });
    expect(policyOf(cidr('2001:db8::/32'))).toMatchObject({ rules: [{ kind: 'range', range: { prefix: 32 } }] });
  });

  it.each([
    ['all', 'must be "none", "internet" or an object with "allow"'],
    [null, 'must be "none", "internet" or an object with "allow"'],
    [{}, 'must be "none", "internet" or an object with "allow"'],
    [{ allow: [], deny: [] }, 'has the unknown field "deny"'],
    [{ allow: [] }, 'allow must be a list of 1 to 64 entries'],
    [{ allow: Array(65).fill({ host: 'a.example' }) }, 'allow must be a list of 1 to 64 entries'],
    [{ allow: 'a.example' }, 'allow must be a list of 1 to 64 entries'],
    [{ allow: [{ host: 'a.example' }, 'b.example'] }, 'allow[1] must be an object'],
    [{ allow: [{ host: 'a.example', port: 1 }] }, 'allow[0] has the unknown field "port"'],
    [{ allow: [{ ports: [1] }] }, 'allow[0] must have exactly one of host and cidr'],
    [{ allow: [{ host: 'a.example', cidr: '::/0' }] }, 'allow[0] must have exactly one of host and cidr'],
    [host('a.example', []), 'allow[0].ports must be a list of 1 to 32 ports'],
    [host('a.example', [443, 0]), 'allow[0].ports[1] 0 must be a whole number from 1 to 65535'],
    [host('a.example', [65_536]), 'allow[0].ports[0] 65536 must be a whole number from 1 to 65535'],
    [host('a.example', [1.5]), 'allow[0].ports[0] 1.5 must be a whole number from 1 to 65535'],
    [host('a.example', Array(33).fill(1)), 'allow[0].ports must be a list of 1 to 32 ports'],
  ])('%j is none: it %s', (value, problem) => {
    expect(problemOf(value)).toBe(problem);
  });

  it.each([
    ...['a.example', 'a-b.c_d.example', '*.example.com', `${'a'.repeat(63)}.example`, 'xn--bcher-kva.example', '1.a2'],
  ])('names the host %s', (name) => {
    expect(problemOf(host(name))).toBeNull();
  });

  it.each([
    ...['localhost', '*', '*.com*', 'a.*.example', '.example', 'a..example', 'a.example.', '-a.example', 'a-.example'],
    ...['1.2.3.4', 'a.1', '0x7f.0x1', 'https://a.example', 'a.example:443', 'a example', 'ä.example', '', 7],
    ...[`${'a'.repeat(64)}.example`, `${'a.'.repeat(126)}ab`],
  ])('does not name the host %j', (name) => {
    expect(problemOf(host(name))).toContain('allow[0].host');
  });

  it.each(['10.0.0.1/8', '10.0.0.0', '1.2.3.0/33', 'example.com', 8])('does not name the range %j', (range) => {
    expect(problemOf(cidr(range))).toContain('with no bit set after the prefix');
  });

  it('is read from anything without an error', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(typeof readNetworkPolicy(value).ok).toBe('boolean');
        expect(readNetworkPolicy({ allow: [value] })).toHaveProperty('ok');
      }),
    );
  });

  it.each([
    [null, 25, false],
    [null, 24, true],
    [null, 26, true],
    [[25], 25, true],
    [[443], 443, true],
    [[443], 444, false],
  ])('with ports %j has port %j open: %j', (ports, port, isOpen) => {
    expect(mayUsePort({ ports }, port)).toBe(isOpen);
  });
});

describe('a policy lies within another one', () => {
  it.each<[unknown, unknown, boolean]>([
    ['none', 'none', true],
    ['none', host('a.example'), true],
    ['internet', 'none', false],
    ['internet', 'internet', true],
    ['internet', host('*.example.com'), false],
    [host('a.example'), 'none', false],
    [host('a.example'), 'internet', true],
    [host('a.example', [443]), 'internet', true],
    [host('a.example', [443, 25]), 'internet', false],
    [host('a.example'), host('a.example'), true],
    [host('a.example'), host('b.example'), false],
    [host('a.b.example'), host('*.b.example'), true],
    [host('b.example'), host('*.b.example'), false],
    [host('ab.example'), host('*.b.example'), false],
    [host('*.b.example'), host('*.b.example'), true],
    [host('*.c.b.example'), host('*.b.example'), true],
    [host('*.b.example'), host('*.c.b.example'), false],
    [host('*.b.example'), host('b.example'), false],
    [host('a.example', [443]), host('a.example', [80, 443]), true],
    [host('a.example', [443, 80]), host('a.example', [443]), false],
    [host('a.example'), host('a.example', [443]), false],
    [host('a.example', [25]), host('a.example'), false],
    [
      host('b.a.example', [80, 443]),
      {
        allow: [
          { host: 'b.a.example', ports: [80] },
          { host: '*.example.com', ports: [443] },
        ],
      },
      false,
    ],
    [
      host('b.a.org', [80, 443]),
      {
        allow: [
          { host: 'b.a.org', ports: [80] },
          { host: '*.a.org', ports: [443] },
        ],
      },
      true,
    ],
    [cidr('203.0.113.0/25'), cidr('203.0.113.0/24'), true],
    [cidr('203.0.113.0/24'), cidr('203.0.113.0/25'), false],
    [cidr('203.0.113.0/24'), host('*.example.com'), false],
    [host('a.example.com'), cidr('0.0.0.0/0'), false],
  ])('%j in %j: %j', (asked, most, isWithin) => {
    expect(isWithinPolicy(policyOf(asked), policyOf(most))).toBe(isWithin);
  });
});

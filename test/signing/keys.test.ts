import { describe, expect, it } from '@jest/globals';
import { deriveLaunchSecret, deriveLeaseSecret, deriveResultKey, secretsEqual, signBytes } from '../../signing/keys.ts';

const identity = { executionId: 'e1', sessionId: 's1', generation: 1, leaseId: 'l1', epoch: 1 };

describe('a derived secret', () => {
  it('is the same every time it is given', () => {
    expect(deriveLeaseSecret('key', 'l1', 'owner')).toBe(deriveLeaseSecret('key', 'l1', 'owner'));
  });
  it('differs by key, by purpose, by lease and by owner', () => {
    const secrets = [
      deriveLaunchSecret('key', 'l1'),
      deriveLaunchSecret('other', 'l1'),
      deriveLaunchSecret('key', 'l2'),
      deriveLeaseSecret('key', 'l1', 'a'),
      deriveLeaseSecret('key', 'l1', 'b'),
      deriveLeaseSecret('key', 'l2', 'a'),
    ];
    expect(new Set(secrets).size).toBe(secrets.length);
  });
  it('cannot be forged by moving characters between its parts', () => {
    expect(deriveLeaseSecret('key', 'l1', '2x')).not.toBe(deriveLeaseSecret('key', 'l12', 'x'));
  });
});

describe('the key of a result', () => {
  it.each([
    { executionId: 'e2' },
    { sessionId: 's2' },
    { generation: 2 },
    { leaseId: 'l2' },
    { leaseId: null },
    { epoch: 2 },
  ])('is another for %j', (other) => {
    expect(deriveResultKey('key', { ...identity, ...other })).not.toBe(deriveResultKey('key', identity));
  });
});

describe('a signature', () => {
  const bytes = new TextEncoder().encode('{}');
  it('belongs to its bytes and its key', () => {
    const signatures = [signBytes('k', bytes), signBytes('j', bytes), signBytes('k', new Uint8Array())];
    expect(new Set(signatures).size).toBe(3);
  });
  it.each([
    ['same', 'same', true],
    ['same', 'samf', false],
    ['same', 'same longer', false],
    ['', 'x', false],
  ])('%j against %j: %s', (a, b, equal) => {
    expect(secretsEqual(a, b)).toBe(equal);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Refusals } from '../../../executor/network/refusals.ts';

describe('what was refused', () => {
  it('is counted by host, port and reason, in the order of the first time', () => {
    const refusals = new Refusals();
    refusals.add('a.example', 80, 'not-allowed');
    refusals.add('b.example', 80, 'not-allowed');
    refusals.add('a.example', 80, 'not-allowed');
    refusals.add('a.example', 25, 'port-closed');
    expect(refusals.take()).toEqual({
      refused: [
        { host: 'a.example', port: 80, reason: 'not-allowed', count: 2 },
        { host: 'b.example', port: 80, reason: 'not-allowed', count: 1 },
        { host: 'a.example', port: 25, reason: 'port-closed', count: 1 },
      ],
      more: 0,
    });
  });

  it.each([
    [31, 31, 0],
    [32, 32, 0],
    [33, 32, 1],
    [60_000, 32, 59_968],
  ])('of %i ports has %i by name and %i together', (ports, named, more) => {
    const refusals = new Refusals();
    for (let port = 1; port <= ports; port++) refusals.add('a.example', port, 'not-allowed');
    refusals.add('a.example', 1, 'not-allowed');
    const record = refusals.take();
    expect([record.refused.length, record.more]).toEqual([named, more]);
    expect(record.refused[0]?.count).toBe(2);
  });

  it('is told once', () => {
    const refusals = new Refusals();
    refusals.add('a.example', 80, 'not-allowed');
    refusals.take();
    expect(refusals.take()).toEqual({ refused: [], more: 0 });
  });
});

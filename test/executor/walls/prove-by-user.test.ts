import { describe, expect, it } from '@jest/globals';
import { readUserProof } from '../../../executor/walls/prove-by-user.ts';

const end = 'every attempt was made';

describe('the proof of a wall that rests on another user', () => {
  it.each([
    ['nothing was found', end, { kind: 'holds', leavesOpen: [] }],
    [
      'something stays open',
      `open the network, by eth0\n${end}`,
      { kind: 'holds', leavesOpen: ['the network, by eth0'] },
    ],
    ['something was possible', `possible / can be written\n${end}`, { kind: 'fails', because: ['/ can be written'] }],
    [
      'something was possible and something else stays open',
      `open the network\npossible / can be written\n${end}`,
      { kind: 'fails', because: ['/ can be written'] },
    ],
    ['bash itself complained', `bash: no such thing\n${end}`, { kind: 'fails', because: ['bash: no such thing'] }],
    ['it was cut off', 'open the network', { kind: 'fails', because: ['not every attempt was made'] }],
    ['it said nothing', '', { kind: 'fails', because: ['not every attempt was made'] }],
    [
      'somebody said the last line too early',
      `${end}\nopen x`,
      { kind: 'fails', because: [end, 'not every attempt was made'] },
    ],
  ])('where %s', (_title, said, expected) => {
    expect(readUserProof(said)).toEqual(expected);
  });
});

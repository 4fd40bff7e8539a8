import { describe, expect, it } from '@jest/globals';
import { describeEnd } from '../../../executor/walls/agent-command.ts';

describe('the end of a command, by what the agent says', () => {
  it.each([
    [0, { kind: 'exited', code: 0 }],
    [128, { kind: 'exited', code: 128 }],
    [129, { kind: 'exited-or-signaled', code: 129, signal: 'SIGHUP' }],
    [137, { kind: 'exited-or-signaled', code: 137, signal: 'SIGKILL' }],
    [159, { kind: 'exited-or-signaled', code: 159, signal: 'SIGSYS' }],
    [160, { kind: 'exited', code: 160 }],
    [255, { kind: 'exited', code: 255 }],
    [null, { kind: 'signaled', signal: 'SIGKILL' }],
  ])('is for %p what a shell means with it', (status, end) => {
    expect(describeEnd(status)).toEqual(end);
  });
});

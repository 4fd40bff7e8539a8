import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseSandboxStatus } from '../../../executor/walls/read-sandbox-status.ts';

const unsaid = { hasStarted: false, refusal: null, status: null };

describe('what the supervisor of a sandbox has said', () => {
  it.each([
    ['', unsaid],
    ['start', unsaid],
    ['started', unsaid],
    ['started\n', { ...unsaid, hasStarted: true }],
    ['started\nended 0\n', { ...unsaid, hasStarted: true, status: 0 }],
    ['started\nended 255\n', { ...unsaid, hasStarted: true, status: 255 }],
    ['started\nended 256\n', { ...unsaid, hasStarted: true }],
    ['started\nended 13', { ...unsaid, hasStarted: true }],
    ['started\nended \n', { ...unsaid, hasStarted: true }],
    ['refused no workspace\n', { ...unsaid, refusal: 'no workspace' }],
  ])('is read from %j', (text, expected) => {
    expect(parseSandboxStatus(text)).toEqual(expected);
  });

  it('is never an error, whatever stands there', () => {
    const lines = fc.array(fc.oneof(fc.constantFrom('started', 'ended 7', 'refused', ''), fc.string()));
    fc.assert(
      fc.property(lines, (said) => {
        const { status } = parseSandboxStatus(said.join('\n'));
        return status === null || (status >= 0 && status <= 255);
      }),
    );
  });
});

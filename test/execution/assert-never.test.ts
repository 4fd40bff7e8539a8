import { describe, expect, it } from '@jest/globals';
import { assertNever } from '../../execution/assert-never.ts';
import { describeEvidence, type JobEvidence } from '../../execution/job-evidence.ts';
import { statusOf } from '../../execution/outcome.ts';
import type { Outcome } from '../../schemas/generated/messages.ts';

describe('a value that the types do not allow', () => {
  const value = JSON.parse('{"kind":"of tomorrow"}');
  it('fails loudly, with the value', () => {
    expect(() => assertNever(value as never)).toThrow('unexpected value: {"kind":"of tomorrow"}');
  });
  it('is never taken for one of those that are known', () => {
    expect(() => statusOf(value as Outcome)).toThrow('of tomorrow');
    expect(() => describeEvidence(value as JobEvidence)).toThrow('of tomorrow');
    const cause = { kind: 'ended', cause: 'of tomorrow', exitCode: null, signal: null, message: '' };
    expect(() => describeEvidence(JSON.parse(JSON.stringify(cause)) as JobEvidence)).toThrow('of tomorrow');
  });
});

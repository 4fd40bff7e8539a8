import { describe, expect, it } from '@jest/globals';
import { errorCodes } from '../../execution/error-codes.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';

describe('an error of the pipeline', () => {
  it('says its code before what failed', () => {
    const error = new PipelineError('lease/expired', 'l1 ended');
    expect([String(error), error.code]).toEqual(['PipelineError: [lease/expired] l1 ended', 'lease/expired']);
  });
  it.each([
    ['lease/expired', false],
    ['launch/quota', true],
  ] as const)('with the code %s may be tried again: %s; and it says what to do', (code, retryable) => {
    const error = new PipelineError(code, 'x');
    expect([error.retryable, error.hint]).toEqual([retryable, errorCodes[code].hint]);
  });
});

describe('what was thrown elsewhere', () => {
  it('stays what it is when it has a code', () => {
    const thrown = new PipelineError('launch/quota', 'full');
    expect(PipelineError.from(thrown, 'google/failed')).toBe(thrown);
  });
  it.each([
    ['an error', new Error('no answer'), '[google/failed] no answer'],
    ['no error', 'gone', '[google/failed] gone'],
  ])('gets the code, keeps its text, and is the cause: %s', (_what, thrown, message) => {
    const error = PipelineError.from(thrown, 'google/failed');
    expect([error.message, error.code]).toEqual([message, 'google/failed']);
    expect(error.cause).toBe(thrown);
  });
});

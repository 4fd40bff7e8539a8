import { describe, expect, it } from '@jest/globals';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { fromGoogle, googleCall } from '../../gcp/google-error.ts';

const failure = (code: unknown) => fromGoogle(Object.assign(new Error('no'), { code }), 'read x');

describe('what a Google client threw', () => {
  it.each([
    [14, 'google/unavailable', true],
    [4, 'google/unavailable', true],
    [10, 'google/contention', true],
    [8, 'google/quota', true],
    [5, 'google/not-found', false],
    [6, 'google/already-exists', false],
    [7, 'google/denied', false],
    [3, 'google/invalid', false],
    [404, 'google/not-found', false],
    ['404', 'google/not-found', false],
    [412, 'google/already-exists', false],
    [416, 'google/not-found', false],
    [429, 'google/quota', true],
    [503, 'google/unavailable', true],
    ['ECONNREFUSED', 'google/unavailable', true],
    [418, 'google/failed', false],
    [undefined, 'google/failed', false],
  ])('with code %s is %s', (code, expected, retryable) => {
    expect(failure(code)).toMatchObject({ code: expected, retryable });
  });
  it('says what was tried and keeps its cause', () => {
    expect([failure(5).message, failure(5).cause]).toEqual(['[google/not-found] read x: no', expect.any(Error)]);
  });
  it('stays what it is when it was named before', async () => {
    const named = new PipelineError('lease/unknown', 'gone');
    await expect(googleCall('x', () => Promise.reject(named))).rejects.toBe(named);
  });
});

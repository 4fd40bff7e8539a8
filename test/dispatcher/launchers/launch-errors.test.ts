import { describe, expect, it } from '@jest/globals';
import { type LaunchMeaning, launchErrorOf, launchErrors } from '../../../dispatcher/launchers/launch-errors.ts';
import { errorCodes } from '../../../execution/error-codes.ts';
import { fromGoogle } from '../../../gcp/google-error.ts';

/** Every status of gRPC but OK (google.rpc.Code). */
const rows: readonly (readonly [number, string, LaunchMeaning])[] = [
  [1, 'CANCELLED', 'retryable'],
  [2, 'UNKNOWN', 'final'],
  [3, 'INVALID_ARGUMENT', 'final'],
  [4, 'DEADLINE_EXCEEDED', 'retryable'],
  [5, 'NOT_FOUND', 'final'],
  [6, 'ALREADY_EXISTS', 'final'],
  [7, 'PERMISSION_DENIED', 'final'],
  [8, 'RESOURCE_EXHAUSTED', 'quota'],
  [9, 'FAILED_PRECONDITION', 'final'],
  [10, 'ABORTED', 'retryable'],
  [11, 'OUT_OF_RANGE', 'final'],
  [12, 'UNIMPLEMENTED', 'final'],
  [13, 'INTERNAL', 'retryable'],
  [14, 'UNAVAILABLE', 'retryable'],
  [15, 'DATA_LOSS', 'final'],
  [16, 'UNAUTHENTICATED', 'final'],
];

describe('a launch that fails', () => {
  it.each(rows)('with gRPC status %i %s is %s', (status, _name, meaning) => {
    const { code } = fromGoogle(Object.assign(new Error('no'), { code: status }), 'run the job');
    expect(launchErrorOf(code).meaning).toBe(meaning);
  });
  it('with what no client of Google said is final', () => {
    expect(launchErrorOf('config/invalid')).toEqual({ meaning: 'final', code: 'launch/refused' });
  });
  it('has a code that says whether it is tried again', () => {
    const told = Object.values(launchErrors).map(({ meaning, code }) => [
      meaning !== 'final',
      errorCodes[code].retryable,
    ]);
    expect(told.filter(([isTried, isRetryable]) => isTried !== isRetryable)).toEqual([]);
  });
});

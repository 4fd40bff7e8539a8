import { describe, expect, it } from '@jest/globals';
import { parseDuration } from '../../cli/parse-values.ts';

describe('a time span', () => {
  it.each([
    ['1ms', 1],
    ['250ms', 250],
    ['30s', 30_000],
    ['0.5s', 500],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
  ])('%s is %d milliseconds', (text, value) => {
    expect(parseDuration('--timeout', text)).toEqual({ ok: true, value });
  });

  it.each(['', '5', 's', '-1s', '1 s', '1.s', '.5s', '1e3s', '1S', '1d'])('cannot be %j', (text) => {
    expect(parseDuration('--timeout', text)).toMatchObject({ ok: false });
  });
});

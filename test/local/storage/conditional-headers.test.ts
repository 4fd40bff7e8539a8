import { describe, expect, it } from '@jest/globals';
import { checkConditionalHeaders } from '../../../local/storage/conditional-headers.ts';

const updatedMs = Date.UTC(2026, 0, 1, 12, 0, 0, 500);
const current = { etag: '"tag"', updatedMs };
const before = 'Thu, 01 Jan 2026 11:59:59 GMT';
const sameSecond = 'Thu, 01 Jan 2026 12:00:00 GMT';

describe('the conditional headers of a read', () => {
  it.each([
    [{}, 'proceed'],
    [{ 'if-match': '"tag"' }, 'proceed'],
    [{ 'if-match': '*' }, 'proceed'],
    [{ 'if-match': '"other"' }, 'failed'],
    [{ 'if-none-match': '"tag"' }, 'not-modified'],
    [{ 'if-none-match': 'W/"tag"' }, 'not-modified'],
    [{ 'if-none-match': '"a", "tag"' }, 'not-modified'],
    [{ 'if-none-match': '*' }, 'not-modified'],
    [{ 'if-none-match': '"other"' }, 'proceed'],
    [{ 'if-modified-since': before }, 'proceed'],
    [{ 'if-modified-since': sameSecond }, 'not-modified'],
    [{ 'if-unmodified-since': before }, 'failed'],
    [{ 'if-unmodified-since': sameSecond }, 'proceed'],
    [{ 'if-modified-since': 'yesterday' }, 'proceed'],
    [{ 'if-none-match': '"other"', 'if-modified-since': sameSecond }, 'proceed'],
    [{ 'if-match': '"tag"', 'if-unmodified-since': before }, 'proceed'],
  ])('%j lead to %s', (headers, expected) => {
    expect(checkConditionalHeaders(headers, current)).toBe(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import { whyNotSaved } from '../../workspace/file-errors.ts';

const errorOf = (code: string) => Object.assign(new Error(code), { code });

describe('why a file is not saved', () => {
  it.each([
    ['ENOENT', null],
    ['ELOOP', 'it was replaced while it was being saved'],
    ['ENOTDIR', 'it was replaced while it was being saved'],
    ['EINVAL', 'it was replaced while it was being saved'],
    ['ENXIO', 'it was replaced while it was being saved'],
    ['EACCES', 'it may not be read'],
    ['EPERM', 'it may not be read'],
  ])('is told from %s', (code, why) => {
    expect(whyNotSaved(errorOf(code))).toBe(why);
  });

  it.each(['EIO', 'EMFILE', 'ENOMEM'])('is not told from %s, which is no doing of the session', (code) => {
    expect(() => whyNotSaved(errorOf(code))).toThrow(code);
  });
});

import { describe, expect, it } from '@jest/globals';
import { freeMemory } from '../../workspace/free-memory.ts';

describe('memory that is given back', () => {
  it('is gone at once', () => {
    const bytes = new Uint8Array(4096);
    freeMemory(bytes);
    expect(bytes.length).toBe(0);
  });

  it('is left alone where others have a part of it', () => {
    const whole = new Uint8Array([1, 2, 3, 4]);
    freeMemory(whole.subarray(1, 3));
    expect([...whole]).toEqual([1, 2, 3, 4]);
  });
});

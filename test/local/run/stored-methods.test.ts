import { describe, expect, it } from '@jest/globals';
import { storedMethods } from '../../../local/run/methods.ts';
import { keepNothing } from '../../../local/run/record-store.ts';

const context = { onGone: () => {} };

describe('a stored method', () => {
  it.each([
    ['at once', () => ({ value: 1 })],
    ['later', async () => ({ value: 1 })],
  ])('that answers %s does so only when what it changed is stored', async (_, method) => {
    const events: string[] = [];
    const store = { ...keepNothing, flush: () => void events.push('stored') };
    const answer = await storedMethods({ method }, store).method?.({} as never, context);
    events.push('answered');

    expect(events).toEqual(['stored', 'answered']);
    expect(answer).toEqual({ value: 1 });
  });

  it('gives no answer when it could not be stored', () => {
    const store = {
      ...keepNothing,
      flush: () => {
        throw new Error('the disk is full');
      },
    };

    expect(() => storedMethods({ method: () => ({}) }, store).method?.({} as never, context)).toThrow(
      'the disk is full',
    );
  });
});

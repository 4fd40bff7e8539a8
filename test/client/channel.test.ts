import { describe, expect, it } from '@jest/globals';
import { createChannel } from '../../client/channel.ts';

const readAll = async <T>(values: AsyncIterable<T>): Promise<readonly T[]> => {
  const read: T[] = [];
  for await (const value of values) read.push(value);
  return read;
};

describe('a channel', () => {
  it('gives a reader what comes while it waits and what came between two reads', async () => {
    const channel = createChannel<string>({ retain: false });
    const reader = channel.iterate();
    const first = reader.next();
    channel.push('a');
    channel.push('b');
    channel.push('c');
    channel.end();
    expect(await first).toEqual({ done: false, value: 'a' });
    expect(await readAll(reader)).toEqual(['b', 'c']);
  });

  it('gives several waiting reads one value each, in order', async () => {
    const channel = createChannel<string>({ retain: false });
    const reader = channel.iterate();
    const reads = [reader.next(), reader.next(), reader.next()];
    channel.push('a');
    channel.push('b');
    channel.end();
    expect(await Promise.all(reads)).toEqual([
      { done: false, value: 'a' },
      { done: false, value: 'b' },
      { done: true, value: undefined },
    ]);
  });

  it('that retains gives every reader everything, also after the end', async () => {
    const channel = createChannel<string>({ retain: true });
    channel.push('a');
    const early = channel.iterate();
    channel.push('b');
    channel.end();
    expect([await readAll(early), await readAll(channel.iterate())]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('that does not retain gives a reader only what comes after it began', async () => {
    const channel = createChannel<string>({ retain: false });
    channel.push('before');
    const reader = channel.iterate();
    channel.push('after');
    channel.end();
    expect(await readAll(reader)).toEqual(['after']);
  });

  it('throws the error that it ended with, after what came before', async () => {
    const channel = createChannel<string>({ retain: false });
    const reader = channel.iterate();
    channel.push('a');
    channel.end(new Error('broken'));
    expect(await reader.next()).toEqual({ done: false, value: 'a' });
    await expect(reader.next()).rejects.toThrow('broken');
  });

  it('throws the error to a reader that waits', async () => {
    const channel = createChannel<string>({ retain: false });
    const next = channel.iterate().next();
    channel.end(new Error('broken'));
    await expect(next).rejects.toThrow('broken');
  });

  it('keeps its first end and takes nothing after it', async () => {
    const channel = createChannel<string>({ retain: true });
    channel.end();
    channel.end(new Error('too late'));
    channel.push('too late');
    expect(await readAll(channel.iterate())).toEqual([]);
  });

  it('lets go of a reader that is returned while it waits, and says so once', async () => {
    const channel = createChannel<string>({ retain: false });
    let returned = 0;
    const reader = channel.iterate(() => {
      returned += 1;
    });
    const waiting = reader.next();
    await reader.return?.();
    await reader.return?.();
    channel.push('too late');
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect(returned).toBe(1);
  });

  it('lets go of a reader whose loop is left', async () => {
    const channel = createChannel<string>({ retain: false });
    let returned = 0;
    const reader = channel.iterate(() => {
      returned += 1;
    });
    channel.push('a');
    for await (const value of reader) {
      expect(value).toBe('a');
      break;
    }
    expect(returned).toBe(1);
  });
});

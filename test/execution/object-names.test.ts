import { describe, expect, it } from '@jest/globals';
import { mayRead, mayWrite, objectNames } from '../../execution/object-names.ts';

const ids = { sessionId: 's1', executionId: 'e1', generation: 2 };

describe('the holder of a lease', () => {
  it.each([
    objectNames.pack('s1', 'abc'),
    objectNames.manifest('s1', 'abc'),
    objectNames.shellState('s1', 'abc'),
    objectNames.request('e1', 'abc'),
    objectNames.upload('abc'),
  ])('may read %s', (object) => {
    expect(mayRead(object, ids)).toBe(true);
  });
  it.each([
    objectNames.pack('s2', 'abc'),
    objectNames.pack('s10', 'abc'),
    objectNames.request('e2', 'abc'),
    objectNames.deadLetter('d1'),
    'sessions/s1/../s2/packs/abc',
    'uploads/../sessions/s2/packs/abc',
    '/sessions/s1/packs/abc',
    'uploads/a b',
    'sessions/s1/packs/abc\n',
    '',
  ])('may not read %j', (object) => {
    expect(mayRead(object, ids)).toBe(false);
  });
  const forked = { ...ids, ancestors: ['s2', 's3'] };
  it.each([
    objectNames.pack('s2', 'abc'),
    objectNames.manifest('s3', 'abc'),
    objectNames.shellState('s2', 'abc'),
  ])('may read %s, and not write it, where its session was forked from that one', (object) => {
    expect([mayRead(object, forked), mayWrite(object, forked)]).toEqual([true, false]);
  });
  it.each([
    objectNames.pack('s4', 'abc'),
    objectNames.pack('s20', 'abc'),
    'sessions/s2/other',
    'sessions/s2/packs/../../s4/packs/abc',
  ])('may not read %s in a fork', (object) => {
    expect(mayRead(object, forked)).toBe(false);
  });
  it.each([
    objectNames.pack('s1', 'abc'),
    objectNames.manifest('s1', 'abc'),
    objectNames.shellState('s1', 'abc'),
    objectNames.output('e1', 2, 'stdout'),
  ])('may write %s', (object) => {
    expect(mayWrite(object, ids)).toBe(true);
  });
  it.each([
    objectNames.pack('s2', 'abc'),
    objectNames.output('e1', 1, 'stdout'),
    objectNames.output('e2', 2, 'stdout'),
    objectNames.request('e1', 'abc'),
    objectNames.upload('abc'),
    'sessions/s1/other',
    'sessions/s1/packs/../../s2/packs/x',
  ])('may not write %j', (object) => {
    expect(mayWrite(object, ids)).toBe(false);
  });
});

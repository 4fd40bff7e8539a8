import { describe, expect, it } from '@jest/globals';
import { packsToRenew } from '../../workspace/packs-to-renew.ts';
import type { Pack, TreeEntry } from '../../workspace/tree-entry.ts';

const mebibyte = 1024 * 1024;
const aPack = (name: string, rawBytes: number): Pack => ({ sessionId: 'session-1', sha256: name, bytes: 1, rawBytes });
const aFile = (pack: Pack, bytes: number, sha256 = `chunk of ${pack.sha256}`): TreeEntry => ({
  kind: 'file',
  path: sha256,
  mode: 0,
  mtimeUs: 0n,
  size: bytes,
  sparse: false,
  chunks: [{ kind: 'stored', pack, offset: 0, bytes, sha256 }],
});
const names = (packs: Iterable<Pack>) => [...packs].map(({ sha256 }) => sha256);

describe('a pack is left behind', () => {
  it('when less than half of it is in use', () => {
    const [half, less] = [aPack('half', 4 * mebibyte), aPack('less', 4 * mebibyte)];
    const entries = [aFile(half, 2 * mebibyte), aFile(less, 2 * mebibyte - 1)];
    expect(names(packsToRenew(entries, new Set([half, less])))).toEqual(['less']);
  });

  it('when many files use the same small part of it', () => {
    const pack = aPack('pack', 4 * mebibyte);
    const entries = Array.from({ length: 10 }, () => aFile(pack, mebibyte, 'one chunk'));
    expect(names(packsToRenew(entries, new Set([pack])))).toEqual(['pack']);
  });

  it('when it is one of more than 32 small ones', () => {
    const packs = Array.from({ length: 33 }, (_, i) => aPack(`small-${i}`, mebibyte - 1));
    const large = aPack('large', mebibyte);
    const entries = [...packs, large].map((pack) => aFile(pack, pack.rawBytes));
    expect(names(packsToRenew(entries, new Set([...packs, large])))).toEqual(names(packs));
    expect(names(packsToRenew(entries.slice(1), new Set([...packs, large])))).toEqual([]);
  });

  it('only when it was there before', () => {
    const pack = aPack('new', 4 * mebibyte);
    expect(names(packsToRenew([aFile(pack, 1)], new Set()))).toEqual([]);
  });
});

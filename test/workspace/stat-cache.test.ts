import { statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { findContent, isRacy, type KnownContent, rememberContent } from '../../workspace/stat-cache.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

const tickNs = 10_000_000n;
const content = { chunks: [], sparse: false };

function aFile() {
  const path = `${newDirectory()}/file`;
  writeFileSync(path, 'text');
  return { stat: () => statSync(path, { bigint: true }) };
}

describe('a content that was read at some time', () => {
  it.each([
    ['is trusted when the file last changed more than a tick before', 1n, false],
    ['is not trusted when the file last changed a tick before', 0n, true],
    ['is not trusted when the file changed later', -tickNs * 2n, true],
  ])('%s', (_, moreThanATickNs, racy) => {
    const ctimeNs = 1_700_000_000_000_000_000n;
    expect(isRacy({ ctimeNs }, ctimeNs + tickNs + moreThanATickNs)).toBe(racy);
  });

  it('is remembered by the inode and known while its stat stays', () => {
    const { stat } = aFile();
    const cache = new Map<number, KnownContent>();
    rememberContent(cache, stat(), { ...content, knownAtNs: stat().ctimeNs + tickNs + 1n });
    expect(findContent(cache, stat())).toMatchObject(content);
  });

  it('is not remembered when it is racy', () => {
    const { stat } = aFile();
    const cache = new Map<number, KnownContent>();
    rememberContent(cache, stat(), { ...content, knownAtNs: stat().ctimeNs + tickNs });
    expect(cache.size).toBe(0);
  });

  it.each(['dev', 'size', 'mtimeNs', 'ctimeNs', 'ino'] as const)('is unknown when %s differs', (field) => {
    const { stat } = aFile();
    const cache = new Map<number, KnownContent>();
    const before = stat();
    rememberContent(cache, before, { ...content, knownAtNs: before.ctimeNs + tickNs + 1n });
    const after = stat();
    after[field] += 1n;
    expect(findContent(cache, after)).toBeUndefined();
  });
});

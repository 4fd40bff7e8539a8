import type { BigIntStats } from 'node:fs';
import type { Chunk } from './tree-entry.ts';

/** What is known to be in a file, and the stat by which it is recognized. */
export interface KnownContent {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly chunks: readonly Chunk[];
  readonly sparse: boolean;
}

/**
 * Contents by inode, so that a file is known again under another name. Only what can be trusted is in it: an inode
 * whose stat is unchanged has the content that stands here. Keys are numbers, which are found sooner than bigints: of two
 * inodes beyond 2^53 that are the same number, one is forgotten.
 */
export type StatCache = ReadonlyMap<number, KnownContent>;

type IdentifyingStat = Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs'>;
type Content = Pick<KnownContent, 'chunks' | 'sparse'>;

/** File times come from a clock that ticks: a write may carry a time this much before it happened. */
const tickNs = 10_000_000n;

/**
 * Whether a write after `knownAtNs` could leave this stat as it is. Then the content must be read again next time. Only
 * ctime counts: every write moves it, and the session can't set it, as it can mtime.
 */
export const isRacy = (stat: Pick<BigIntStats, 'ctimeNs'>, knownAtNs: bigint): boolean =>
  stat.ctimeNs >= knownAtNs - tickNs;

export function rememberContent(
  cache: Map<number, KnownContent>,
  stat: IdentifyingStat,
  content: Content & { readonly knownAtNs: bigint },
): void {
  if (!isRacy(stat, content.knownAtNs)) addContent(cache, stat, content);
}

/** Takes it unchecked: `forgetRacy` must follow before the cache is used. */
export function addContent(
  cache: Map<number, KnownContent>,
  { dev, ino, size, mtimeNs, ctimeNs }: IdentifyingStat,
  { chunks, sparse }: Content,
): void {
  cache.set(Number(ino), { dev, ino, size, mtimeNs, ctimeNs, chunks, sparse });
}

/** What stays known, and what is known anew. */
export function gatherContents(kept: readonly KnownContent[], read: StatCache): StatCache {
  const cache = new Map(kept.map((known) => [Number(known.ino), known]));
  for (const [key, known] of read) cache.set(key, known);
  return cache;
}

export function forgetRacy(cache: Map<number, KnownContent>, knownAtNs: bigint): void {
  for (const [ino, known] of cache) if (isRacy(known, knownAtNs)) cache.delete(ino);
}

export function findContent(cache: StatCache, stat: BigIntStats): KnownContent | undefined {
  const known = cache.get(Number(stat.ino));
  const same =
    known?.ctimeNs === stat.ctimeNs &&
    known.ino === stat.ino &&
    known.mtimeNs === stat.mtimeNs &&
    known.size === stat.size &&
    known.dev === stat.dev;
  return same ? known : undefined;
}

/** Now, by the clock that also stamps files: it is compared with their times, so it can't be an argument. */
export const fileClockNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

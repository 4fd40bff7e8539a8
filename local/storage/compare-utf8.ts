/** The order of names in listings. UTF-16 order differs from UTF-8 order for characters outside the basic plane only. */
export function compareUtf8(a: string, b: string): number {
  const hasSurrogates = /[\ud800-\udfff]/;
  if (hasSurrogates.test(a) || hasSurrogates.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

const firstBytes = 64 * 1024;

/**
 * A buffer of at least `bytes`, with what the old one holds: the old one where it is large enough, else at least twice
 * its size. Most saves are small, and freeing large buffers each time would keep the garbage collector busy.
 */
export function grownBuffer(old: Buffer, bytes: number): Buffer {
  if (bytes <= old.length) return old;
  const grown = Buffer.allocUnsafeSlow(Math.max(bytes, old.length * 2, firstBytes));
  old.copy(grown);
  return grown;
}

export const emptyBuffer: Buffer = Buffer.alloc(0);

/**
 * Gives the memory of bytes back that nobody looks at any more. Left to the garbage collector, large buffers pile up until
 * it has to run, and the next ones are made of fresh pages, which costs as much as a quarter of what is done with them.
 * A part of a larger buffer, as small ones are, is left to it.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

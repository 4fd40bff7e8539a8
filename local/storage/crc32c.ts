/** CRC-32C (Castagnoli, RFC 3720), eight bytes at a step: uploads of hundreds of megabytes are hashed in one go. */
const reflectedPolynomial = 0x82f63b78;
const stride = 8;
const tables = buildTables();

function buildTables(): Int32Array {
  const built = new Int32Array(stride * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ reflectedPolynomial : crc >>> 1;
    built[byte] = crc;
  }
  for (let at = 256; at < built.length; at++) {
    const shorter = built[at - 256] as number;
    built[at] = (shorter >>> 8) ^ (built[shorter & 0xff] as number);
  }
  return built;
}

/** The checksum as an unsigned 32-bit number; `before` is that of the bytes which these follow. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bulkEnd = bytes.length - (bytes.length % stride);
  let crc = ~before;
  let at = 0;
  for (; at < bulkEnd; at += stride) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      (tables[1792 + (low & 0xff)] as number) ^
      (tables[1536 + ((low >>> 8) & 0xff)] as number) ^
      (tables[1280 + ((low >>> 16) & 0xff)] as number) ^
      (tables[1024 + (low >>> 24)] as number) ^
      (tables[768 + (high & 0xff)] as number) ^
      (tables[512 + ((high >>> 8) & 0xff)] as number) ^
      (tables[256 + ((high >>> 16) & 0xff)] as number) ^
      (tables[high >>> 24] as number);
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ (tables[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return ~crc >>> 0;
}

/** As Cloud Storage writes it: base64 of the four bytes, most significant first. */
export function crc32cBase64(checksum: number): string {
  const encoded = Buffer.alloc(4);
  encoded.writeUInt32BE(checksum);
  return encoded.toString('base64');
}

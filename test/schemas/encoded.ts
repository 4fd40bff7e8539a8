const encoder = new TextEncoder();

/** A value as the data of a message. */
export const encoded = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));

/** Larger ones stand in the bucket: base64 adds a third, and a document holds 1 MiB with all its fields. */
export const inlineDeadLetterBytes = 512 * 1024;

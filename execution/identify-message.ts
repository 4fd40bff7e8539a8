import type { Delivery } from './delivery.ts';

/** Whom a message is about: by its attributes, or by its body when its publisher set none. */
export function identifyMessage({ data, attributes }: Pick<Delivery, 'data' | 'attributes'>): {
  readonly executionId: string | null;
  readonly sessionId: string | null;
} {
  const fields = { ...fieldsOf(data), ...attributes };
  const textOf = (name: string) => (typeof fields[name] === 'string' ? fields[name].slice(0, 256) : null);
  return { executionId: textOf('executionId'), sessionId: textOf('sessionId') };
}

/** The fields of a JSON object; none when the bytes are not one. */
export function fieldsOf(data: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(data));
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

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

/** What else filters look for: the tenant, and the labels as `name=value`. What cannot be read is left out. */
export function filterFieldsOf({ data, attributes }: Pick<Delivery, 'data' | 'attributes'>): {
  readonly tenantId: string | null;
  readonly labels: readonly string[];
} {
  const fields = fieldsOf(data);
  const tenantId = attributes.tenantId ?? fields.tenantId;
  return {
    tenantId: typeof tenantId === 'string' ? tenantId.slice(0, 256) : null,
    labels: labelsIn(fields.labels),
  };
}

/** As many as a request may have, each as long as it may be. */
function labelsIn(labels: unknown): readonly string[] {
  if (labels === null || typeof labels !== 'object' || Array.isArray(labels)) return [];
  return Object.entries(labels)
    .filter(([, value]) => typeof value === 'string')
    .slice(0, 32)
    .map(([name, value]) => `${name}=${value}`.slice(0, 512));
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

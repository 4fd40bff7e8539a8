import { invalidArgument } from './refusals.ts';

const mostLabels = 64;
/** https://cloud.google.com/resource-manager/docs/creating-managing-labels: letters of any script without upper case. */
const labelKey = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const labelValue = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/** Refuses with INVALID_ARGUMENT what is no label of Google Cloud. */
export function checkLabels(labels: Readonly<Record<string, string>>): void {
  const entries = Object.entries(labels);
  if (entries.length > mostLabels) {
    throw invalidArgument(`Invalid labels: ${entries.length} labels, and the limit is ${mostLabels}.`);
  }
  for (const [key, value] of entries) {
    if (!labelKey.test(key)) {
      throw invalidArgument(
        `Invalid labels key "${key}": the form is a lower-case letter, then up to 62 lower-case letters, digits, "_" or "-".`,
      );
    }
    if (!labelValue.test(value)) {
      throw invalidArgument(
        `Invalid labels["${key}"] "${value}": the form is up to 63 lower-case letters, digits, "_" or "-".`,
      );
    }
  }
}

/**
 * Why something can't be saved, told from what opening it threw: null when it vanished in the meantime, which needs no
 * word. Anything that a session can't bring about is thrown again.
 */
export function whyNotSaved(error: unknown): string | null {
  switch (codeOf(error)) {
    case 'ENOENT':
      return null;
    case 'ELOOP':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EINVAL':
    case 'ENXIO':
    case 'ENODEV':
      return 'it was replaced while it was being saved';
    case 'EACCES':
    case 'EPERM':
      return 'it may not be read';
    default:
      throw error;
  }
}

/** Asks for the property and not for the class: a test's `Error` is not the one that Node throws. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

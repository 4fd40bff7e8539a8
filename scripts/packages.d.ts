/** Writes a line for the person at the terminal. */
export function say(text: string): void;

/**
 * Installs what the lock file of `folder` names, unless that was done since the lock file changed. Throws an error that
 * says what to do when npm fails; npm's own messages go to standard error.
 */
export function ensurePackages(wanted: {
  readonly folder: string;
  /** What is installed and what it weighs, for the line that is written before. */
  readonly what: string;
  /** What belongs to the installation besides. */
  readonly afterwards?: () => void;
}): void;

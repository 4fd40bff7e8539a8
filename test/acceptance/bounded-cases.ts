import type { Case } from './case.ts';
import { selectCases } from './selection.ts';

/** What has to do with who the executor is: users, permissions, files. The other groups see nothing of it. */
const groups = ['files', 'security'];

/** The cases that are tried as an unprivileged user: none that measures time or cancels, and none that needs more than a shell. */
export const boundedCases = (): readonly Case[] =>
  selectCases().filter(
    ({ group, needs = [], steps }) =>
      groups.includes(group) &&
      needs.length === 0 &&
      !steps.some((step) => /"(?:max_seconds|cancel_after_s|repeat)"/.test(JSON.stringify(step))),
  );

/** The cases that do not hold where the executor is not root, each with what it lacks. */
export const lacking: Readonly<Record<string, string>> = {
  'insp-file-unreadable': 'a file that its own user may not read is not saved, so it is not there for the next command',
  'lc-dl-000': 'a file that its own user may not read is not saved, so it is not there for the next command',
  'pis-nonroot': 'the files of /etc belong to the same user, so a write is refused as "Read-only file system"',
};

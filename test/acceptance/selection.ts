import { type Case, readCases } from './case.ts';

/** Where peers differ, this project's choice. A case that wants another does not apply. */
const policies: Readonly<Record<string, string>> = {
  relative_file_paths: 'resolve',
  exec_cwd_override: 'temporary',
  shell_exit: 'keep_session',
  write_existing: 'overwrite',
  busy_session: 'queue',
  empty_command: 'reject',
  session_filesystem: 'isolated',
  paths_outside_workspace: 'reject',
  timed_out_process: 'kill',
};

/** Cases that do not hold yet, with the reason. */
const notYet: Readonly<Record<string, string>> = {
  'insp-user-root': 'a command always runs as the user of its session',
};

/** The cases that apply and must hold. */
export const selectCases = (): readonly Case[] =>
  readCases().filter(
    ({ id, group, policy, optional }) =>
      optional !== true &&
      group !== 'background' &&
      !(id in notYet) &&
      (policy === undefined || policies[policy.key] === policy.value),
  );

import { descriptorCommands } from './commands/descriptors.ts';
import { fileCommands } from './commands/files.ts';
import { kernelCommands } from './commands/kernel.ts';
import { networkCommands } from './commands/network.ts';
import { outputCommands } from './commands/output.ts';
import { privilegeCommands } from './commands/privileges.ts';
import { processCommands } from './commands/processes.ts';
import { resourceCommands } from './commands/resources.ts';
import { signalCommands } from './commands/signals.ts';
import type { HostileCommand } from './hostile-command.ts';

/** All of them, in the order in which they run: one after the other, in one session. */
export const hostileCommands: readonly HostileCommand[] = [
  ...processCommands,
  ...kernelCommands,
  ...privilegeCommands,
  ...descriptorCommands,
  ...networkCommands,
  ...fileCommands,
  ...signalCommands,
  ...outputCommands,
  ...resourceCommands,
];

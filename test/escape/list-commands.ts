import { descriptorCommands, fileCommands } from './commands/files.ts';
import { kernelCommands, privilegeCommands } from './commands/kernel.ts';
import { networkCommands } from './commands/network.ts';
import { processCommands, signalCommands } from './commands/processes.ts';
import { outputCommands, resourceCommands } from './commands/resources.ts';
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

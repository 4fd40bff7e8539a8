import { declaredIndexes } from '../../local/declared-indexes.ts';
import { type ServerName, startLocalServers } from '../../local/servers.ts';

/**
 * One local server as a process of its own, on the port and the data folder it had before: `serve.ts <JSON>`. Prints
 * `{"env":…}` when it listens. Ends with the process that started it.
 */
export interface ServeOptions {
  readonly name: ServerName;
  readonly port: number;
  readonly folder: string;
  readonly dataDir: string;
  /** Variables for tasks; what leads them to the other servers among them. */
  readonly env: Readonly<Record<string, string>>;
}

if (import.meta.main) {
  process.stdin.resume().once('close', () => process.exit());
  const { name, port, folder, dataDir, env }: ServeOptions = JSON.parse(process.argv[2] ?? '');
  const servers = await startLocalServers({
    ...{ folder, dataDir, env },
    only: [name],
    ports: { [name]: port },
    indexes: declaredIndexes,
  });
  process.stdout.write(`${JSON.stringify({ env: servers.env })}\n`);
}

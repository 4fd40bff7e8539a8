import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderLocalEnv } from './local-env-file.ts';
import { type LocalServersOptions, startLocalServers } from './servers.ts';

export interface OpenServers {
  readonly env: Readonly<Record<string, string>>;
  /** The variables as a shell reads them. */
  readonly exports: string;
  close(): Promise<void>;
}

/** Servers without the pipeline, for programs that speak Google's protocols; nothing but `dataDir` outlives them. */
export async function openLocalServers(options: Omit<LocalServersOptions, 'folder'>): Promise<OpenServers> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbus-'));
  // Tasks may run under a uid of their own, which must reach its folders below this one; what is secret here is 0600.
  await chmod(folder, 0o711);
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const servers = await startLocalServers({ ...options, folder });
    return {
      env: servers.env,
      exports: renderLocalEnv(servers.env),
      async close() {
        await servers.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

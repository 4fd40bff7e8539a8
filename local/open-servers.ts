import { renderLocalEnv } from './local-env-file.ts';
import { openScratchFolder } from './scratch-folder.ts';
import { type LocalServersOptions, startLocalServers } from './servers.ts';

export interface OpenServers {
  readonly env: Readonly<Record<string, string>>;
  /** The variables as a shell reads them. */
  readonly exports: string;
  close(): Promise<void>;
}

/** Servers without the pipeline, for programs that speak Google's protocols; nothing but `dataDir` outlives them. */
export async function openLocalServers(options: Omit<LocalServersOptions, 'folder'>): Promise<OpenServers> {
  const { path: folder, remove } = await openScratchFolder();
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

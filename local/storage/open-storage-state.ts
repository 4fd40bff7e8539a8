import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { openContentFiles } from './content-files.ts';
import { createContentRows } from './content-rows.ts';
import type { ContentStore } from './content-store.ts';
import { createObjectStore } from './create-object-store.ts';
import { createMemoryContents } from './memory-contents.ts';
import { openSqliteStateFile } from './sqlite-state-file.ts';
import { noStateFile, type StateFile } from './state-file.ts';
import type { StorageState } from './storage-state.ts';
import { createUploadSessions } from './upload-sessions.ts';

export interface OpenedStorageState {
  readonly state: StorageState;
  /** Frees the data folder for another server. */
  close(): void;
}

/** What is over answers as gone at its very millisecond; this is how soon its bytes follow. */
const sweepEveryMs = 60 * 60 * 1000;

/** All that is stored in `dataDir`, or nothing and in memory when there is none. */
export function openStorageState(options: {
  readonly dataDir: string | undefined;
  readonly clock: Clock;
  readonly signers: ReadonlyMap<string, KeyObject>;
}): OpenedStorageState {
  const { dataDir, clock, signers } = options;
  const file: StateFile = dataDir === undefined ? noStateFile : openSqliteStateFile(join(dataDir, 'storage.sqlite'));
  try {
    // The folder is touched only after the file is locked: another server's contents are not ours to tidy.
    const contents: ContentStore =
      dataDir === undefined
        ? createMemoryContents()
        : openContentFiles(join(dataDir, 'storage-contents'), createContentRows(file));
    const state = loadState(file, contents, { clock, signers });
    dropExpired(state);
    state.commit();
    contents.removeLeftovers();
    const stopSweeps = sweepNowAndThen(state);
    return {
      state,
      close() {
        stopSweeps();
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

function loadState(
  file: StateFile,
  contents: ContentStore,
  fixed: Pick<StorageState, 'clock' | 'signers'>,
): StorageState {
  const saved = file.load();
  return {
    ...fixed,
    contents,
    store: createObjectStore(file, contents, saved),
    sessions: createUploadSessions(file, contents, saved),
    commit() {
      file.commit();
      // Bytes go last: until the commit a kill brings back the records that name them.
      contents.removeUnheld();
    },
  };
}

function dropExpired({ store, sessions, clock }: StorageState): void {
  store.dropExpired(clock.now());
  sessions.dropExpired(clock.now());
}

function sweepNowAndThen(state: StorageState): () => void {
  const sweep = () => {
    dropExpired(state);
    try {
      state.commit();
    } catch {
      // The changes wait for the next commit, which is before the next answer and tells of the failure there.
    }
    cancel = state.clock.after(sweepEveryMs, sweep);
  };
  let cancel = state.clock.after(sweepEveryMs, sweep);
  return () => cancel();
}

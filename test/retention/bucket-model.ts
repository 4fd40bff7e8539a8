import { decideOperation } from '../../dispatcher/decide-operation.ts';
import type { CheckpointRecord, SessionOperation } from '../../execution/checkpoint-records.ts';
import { objectNames } from '../../execution/object-names.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { SessionRecord } from '../../execution/records.ts';
import { mayBeThinned } from '../../retention/decide-expiry.ts';
import type { FolderPorts } from '../../retention/ports.ts';
import type { CheckpointRef } from '../../schemas/generated/messages.ts';

/** Lets others go first, in any order. */
export type Pace = (what: string) => Promise<void>;

interface StoredObject {
  readonly generation: string;
  readonly createdAt: number;
}

/** What a manifest says: for each content, the pack that has it. */
type Tree = ReadonlyMap<number, string>;

/**
 * The bucket and the records as far as they matter to a collector. Between two calls of `pace` nothing else happens, which is what
 * a transaction, or one call of Cloud Storage, promises.
 */
export function createBucketModel(pace: Pace) {
  let clock = 1000;
  let count = 0;
  const objects = new Map<string, StoredObject>();
  const trees = new Map<string, Tree>();
  const sessions = new Map<string, SessionRecord>();
  const checkpoints = new Map<string, CheckpointRecord>();
  const launchedAt = new Map<string, number>();
  const broken: string[] = [];
  const now = () => ++clock;
  const keyOf = (sessionId: string, number: number) => `${sessionId}/${number}`;
  const recordsOf = (sessionId: string) => {
    const through = sessions.get(sessionId)?.removal?.throughCheckpoint ?? 0;
    return [...checkpoints.values()].filter((one) => one.sessionId === sessionId && one.number > through);
  };
  const refOf = (object: string) => ({ object, bytes: 1, sha256: 'a'.repeat(64) });
  const packsOf = (manifest: string) => [...(trees.get(manifest)?.values() ?? [])];

  /** Names that some checkpoint leads to. */
  function needed(): Set<string> {
    const live = [...sessions.values()].flatMap(({ sessionId, head }) => [
      ...recordsOf(sessionId),
      ...(head ? [head] : []),
    ]);
    return new Set(live.flatMap(({ manifest }) => [manifest.object, ...packsOf(manifest.object)]));
  }
  const findMissing = () => [...needed()].filter((name) => !objects.has(name));
  const write = (name: string) => objects.set(name, { generation: String(++count), createdAt: now() });

  /** As an executor stores: nothing is overwritten, and what is there is kept. */
  async function put(name: string): Promise<void> {
    for (;;) {
      await pace(`create ${name}`);
      if (!objects.has(name)) return void write(name);
      await pace(`look at ${name}`);
      const there = objects.get(name);
      await pace(`keep ${name}`);
      if (there !== undefined && objects.get(name)?.generation === there.generation) return void write(name);
    }
  }

  async function operate(sessionId: string, action: SessionOperation, of: string, pick: number): Promise<void> {
    await pace(`${action.kind} ${sessionId}`);
    const found = recordsOf(sessionId);
    const checkpoint = found[pick % Math.max(1, found.length)];
    const session = sessions.get(of);
    const source = action.kind === 'fork' ? sessions.get(sessionId) : undefined;
    const { writes } = decideOperation(
      {
        ...{ sessionId, now: now() },
        action: action.kind === 'rewind' ? { ...action, checkpoint: checkpoint?.number ?? 1 } : action,
        stored: { ...(session && { session }), ...(source && { source }), ...(checkpoint && { checkpoint }) },
      },
      { retentionMs: 1e9 },
    );
    if (writes?.session) sessions.set(writes.session.sessionId, writes.session);
    const record = writes?.checkpoint;
    if (record) checkpoints.set(keyOf(record.sessionId, record.number), record);
    broken.push(...findMissing());
  }

  const ports: FolderPorts = {
    async listObjects(prefix) {
      await pace(`list ${prefix}`);
      const found = [...objects].filter(([name]) => name.startsWith(prefix));
      return found.map(([name, object]) => ({ name, bytes: 1, ...object }));
    },
    async readRoots(sessionId) {
      await pace(`read what leads to ${sessionId}`);
      const forks = [...sessions.values()].filter(({ ancestors = [] }) => ancestors.includes(sessionId));
      const session = sessions.get(sessionId) ?? null;
      const family = [...(session === null ? [] : [session]), ...forks];
      const launched = launchedAt.get(sessionId);
      return {
        session,
        checkpoints: family.flatMap((one) => [...recordsOf(one.sessionId), ...(one.head ? [one.head] : [])]),
        forks: forks.map((one) => one.sessionId),
        launchedAt: launched === undefined ? [] : [launched],
      };
    },
    async followCheckpoints(refs) {
      await pace('follow');
      const lost = refs.find(({ manifest }) => !objects.has(manifest.object));
      if (lost !== undefined) throw new PipelineError('workspace/corrupt', `${lost.manifest.object} is missing`);
      return new Set(refs.flatMap(({ manifest }) => [manifest.object, ...packsOf(manifest.object)]));
    },
    async deleteObject({ name, generation }) {
      await pace(`delete ${name}`);
      return objects.get(name)?.generation === generation && objects.delete(name);
    },
    now,
  };

  return {
    ports,
    broken,
    findMissing,
    findLeftOver: () => [...objects.keys()].filter((name) => !needed().has(name)),
    advance: (ms: number) => {
      clock += ms;
    },
    /** A command that leaves these contents; nothing happens while another one runs. */
    async command(sessionId: string, contents: readonly number[]): Promise<void> {
      await pace(`launch ${sessionId}`);
      const before = sessions.get(sessionId);
      if (before !== undefined && before.active !== null) return;
      const begun = before?.state === 'open' ? before : aFresh(sessionId, before, now());
      const session: SessionRecord = { ...begun, active: 'e' };
      sessions.set(sessionId, session);
      launchedAt.set(sessionId, now());
      const base: Tree = trees.get(session.head?.manifest.object ?? '') ?? new Map();
      const tree = new Map(contents.map((one) => [one, base.get(one) ?? objectNames.pack(sessionId, `${one}`)]));
      for (const [content, pack] of tree) if (!base.has(content)) await put(pack);
      const manifest = objectNames.manifest(sessionId, JSON.stringify([...tree].sort()));
      trees.set(manifest, tree);
      if (session.head?.manifest.object !== manifest) await put(manifest);
      await pace(`store the outcome of ${sessionId}`);
      const number = session.lastCheckpoint + 1;
      const head: CheckpointRef = {
        ...{ number, parent: session.head?.number ?? null, manifest: refOf(manifest), state: null },
        ...{ entries: 1, workspaceBytes: 1 },
      };
      sessions.set(sessionId, { ...session, active: null, head, lastCheckpoint: number });
      checkpoints.set(keyOf(sessionId, number), { ...head, sessionId, executionId: 'e', createdAt: now() });
      launchedAt.delete(sessionId);
      broken.push(...findMissing());
    },
    fork: (sessionId: string, to: string, pick: number) =>
      operate(sessionId, { kind: 'fork', operationId: 'o', newSessionId: to }, to, pick),
    rewind: (sessionId: string, pick: number) =>
      operate(sessionId, { kind: 'rewind', operationId: 'o', checkpoint: 1 }, sessionId, pick),
    remove: (sessionId: string) => operate(sessionId, { kind: 'delete-session', operationId: 'o' }, sessionId, 0),
    async thin(sessionId: string, pick: number): Promise<void> {
      await pace(`look at the history of ${sessionId}`);
      const found = recordsOf(sessionId);
      const number = found[pick % Math.max(1, found.length)]?.number;
      await pace(`thin ${sessionId}`);
      if (number !== undefined && mayBeThinned(sessions.get(sessionId), number)) {
        checkpoints.delete(keyOf(sessionId, number));
      }
    },
  };
}

const aFresh = (sessionId: string, deleted: SessionRecord | undefined, at: number): SessionRecord => ({
  ...{ sessionId, tenantId: 'default', state: 'open', nextSeq: 1, epoch: deleted?.epoch ?? 0, head: null },
  ...{ lastCheckpoint: deleted?.lastCheckpoint ?? 0, active: null, queued: [], createdAt: at, updatedAt: at },
  ...(deleted?.removal && { removal: deleted.removal }),
});

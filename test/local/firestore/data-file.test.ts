import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { DocumentFile, openDocumentDatabase } from '../../../local/firestore/document-file.ts';
import type { DocumentChange } from '../../../local/firestore/document-store.ts';
import { createFieldsCodec } from '../../../local/firestore/fields-codec.ts';
import { defaultHistory, MemoryStore } from '../../../local/firestore/memory-store.ts';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { findFreePort } from '../../../local/free-port.ts';
import { loadServiceDefinitions, serviceDefinition } from '../../../local/grpc-server.ts';
import { startFirestoreProgram } from '../../support/firestore-program.ts';
import { useFirestoreWithData } from '../../support/firestore-with-data.ts';

const firestore = useFirestoreWithData();
const fileName = 'firestore.sqlite';
const dataFile = () => join(firestore.dataDir, fileName);

/** Changes the file as nobody should while no server has it. */
function tamper(sql: string): void {
  const db = new DatabaseSync(dataFile());
  db.exec(sql);
  db.close();
}

describe('the folder of a server', () => {
  it('has one file when the server has closed, which may be closed again', async () => {
    await firestore.start();
    await firestore.connect().doc('c/d').set({ n: 1 });
    expect(readdirSync(firestore.dataDir)).toContain(`${fileName}-wal`);
    await firestore.restart();
    await firestore.server().close();
    await firestore.server().close();
    expect(readdirSync(firestore.dataDir)).toEqual([fileName]);
  });

  it('is free again after a start that failed at its port', async () => {
    const { dataDir } = firestore;
    await expect(startFirestoreServer({ dataDir, port: 65_536 })).rejects.toMatchObject({
      code: 'ERR_SOCKET_BAD_PORT',
    });
    await firestore.start();
    await firestore.server().close();
    expect(readdirSync(dataDir)).toEqual([fileName]);
  });

  it('gets no larger by documents that are written again and again, and smaller by those that are deleted', async () => {
    await firestore.start();
    const writer = firestore.connect().bulkWriter();
    const docs = Array.from({ length: 100 }, (_value, n) => firestore.connect().doc(`c/d${n}`));
    const text = 'x'.repeat(20_000);
    for (const round of [1, 2, 3, 4, 5]) {
      for (const doc of docs) void writer.set(doc, { text, round });
      await writer.flush();
    }
    await writer.close();
    await firestore.restart();
    const full = statSync(dataFile()).size;
    const batch = firestore.connect().batch();
    for (const { path } of docs) batch.delete(firestore.connect().doc(path));
    await batch.commit();
    await firestore.restart();
    await firestore.server().close();
    const empty = statSync(dataFile()).size;
    expect([full > 2_000_000, full < 3_000_000, empty < 100_000]).toEqual([true, true, true]);
  });
});

describe('a file that cannot be used is refused, named, and left as it is', () => {
  it.each<[string, () => void, string, RegExp]>([
    [
      'of another program',
      () => tamper('CREATE TABLE other (n INTEGER)'),
      'unknown-format',
      /holds no documents of the local Firestore\. Move it away/,
    ],
    [
      'with a damaged document',
      () => {
        openDocumentDatabase(firestore.dataDir).close();
        tamper("INSERT INTO database VALUES (1, 'projects/p/databases/d', 5)");
        tamper("INSERT INTO document VALUES (1, 'c/d', x'0a', 5, 5)");
      },
      'unreadable',
      /cannot be read: .*\. Move its folder away/,
    ],
  ])('%s', async (_title, prepare, problem, message) => {
    prepare();
    const before = readFileSync(dataFile());
    const start = startFirestoreServer({ dataDir: firestore.dataDir });
    await expect(start).rejects.toMatchObject({ problem, file: dataFile(), message: expect.stringMatching(message) });
    expect(readFileSync(dataFile()).equals(before)).toBe(true);
    expect(readdirSync(firestore.dataDir)).toEqual([fileName]);
  });

  it('that another process has, which goes on with it', async () => {
    const port = await findFreePort();
    const program = await startFirestoreProgram(firestore.dataDir, port);
    const start = startFirestoreServer({ dataDir: firestore.dataDir });
    await expect(start).rejects.toMatchObject({
      problem: 'in-use',
      message: `"${dataFile()}" is in use by another process. Stop that process, or give another data folder.`,
    });
    program.kill('SIGTERM');
    await program.ended;
    await firestore.start();
    expect(firestore.server().port).toBeGreaterThan(0);
  });

  it('that another server of the same process has', async () => {
    await firestore.start();
    const start = startFirestoreServer({ dataDir: firestore.dataDir });
    await expect(start).rejects.toMatchObject({ problem: 'in-use' });
    await firestore.connect().doc('c/d').set({});
  });
});

describe('a commit that cannot be kept', () => {
  const name = 'projects/p/databases/d';
  const service = serviceDefinition(
    loadServiceDefinitions('@google-cloud/firestore-api/build/protos/protos.json'),
    'google.firestore.v1.Firestore',
  );

  function put(path: string, text: string): DocumentChange {
    const after = { path, fields: { text: { stringValue: text } }, createTime: 1, updateTime: 1 };
    return { path, before: undefined, after };
  }

  it('leaves nothing in the file, not even its time, and the next one is kept', () => {
    const db = openDocumentDatabase(firestore.dataDir);
    const file = new DocumentFile(db, createFieldsCodec(service));
    file.journalOf(name).record(1, [put('c/first', 'small')]);
    db.exec('PRAGMA max_page_count = 20');
    const big = () => file.journalOf(name).record(2, [put('c/small', ''), put('c/big', 'x'.repeat(200_000))]);
    expect(big).toThrow(/Writing to ".*firestore\.sqlite" failed: .*full/);
    expect(file.journalOf(name).lastCommit).toBe(1);
    file.journalOf(name).record(3, [put('c/last', 'small')]);
    expect([...file.journalOf(name).documents()].map(({ path }) => path).sort()).toEqual(['c/first', 'c/last']);
    file.close();
  });

  it('is not seen by readers: the store stays as it was', () => {
    const refusing = {
      lastCommit: 7,
      documents: () => [],
      record() {
        throw new Error('disk full');
      },
    };
    const store = new MemoryStore(defaultHistory, refusing);
    const commit = () => store.commit(8, new Map([['c/d', { fields: {}, isNew: false }]]));
    expect(commit).toThrow('disk full');
    expect([store.get('c/d'), store.lastCommit, [...store.collectionPaths()]]).toEqual([undefined, 7, []]);
  });
});

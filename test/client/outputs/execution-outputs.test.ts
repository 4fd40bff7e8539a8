import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ExecutionOutputs } from '../../../client/outputs/execution-outputs.ts';
import type { FilePath, Outputs } from '../../../schemas/generated/messages.ts';
import { useTemporaryDirectories } from '../../workspace/temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

type Files = readonly (readonly [FilePath, string | Buffer])[];

/** What a bucket gives of these files, and how often it was asked. */
function outputsOf(files: Files, { folder = 'executions/e/g1/outputs', change = (bytes: Buffer) => bytes } = {}) {
  const objects = new Map<string, Buffer>();
  const parts: number[] = [];
  const listed = files.map(([path, content]) => {
    const bytes = Buffer.from(content);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const object = `${folder}/${sha256}`;
    objects.set(object, change(bytes));
    return { path, ref: { object, bytes: bytes.length, sha256 } };
  });
  const told: Outputs = { files: listed, missed: [{ path: '/workspace/big', bytes: 9, reason: 'too-large' }], more: 2 };
  const outputs = new ExecutionOutputs('e', told, {
    async readObjectPart(object, { start, bytes }) {
      parts.push(bytes);
      return objects.get(object)?.subarray(start, start + bytes) ?? Buffer.alloc(0);
    },
  });
  return { outputs, parts };
}

describe('the outputs of an execution', () => {
  it('are listed with sizes and hashes, and tell what was missed', () => {
    const { outputs } = outputsOf([['/workspace/dist/a.js', 'abc']]);
    expect(outputs.files).toMatchObject([{ path: '/workspace/dist/a.js', bytes: 3, mediaType: null }]);
    expect([outputs.missed, outputs.missedCount]).toEqual([
      [{ path: '/workspace/big', bytes: 9, reason: 'too-large' }],
      3,
    ]);
  });

  it('are read by the path that is listed, and by one relative to the workspace', async () => {
    const { outputs } = outputsOf([['/workspace/dist/a.js', 'äbc']]);
    expect([await outputs.readText('dist/a.js'), await outputs.readText('/workspace/dist/a.js')]).toEqual([
      'äbc',
      'äbc',
    ]);
  });

  it('come in pieces where they are long', async () => {
    const long = Buffer.alloc(9 * 1024 * 1024, 'x');
    const { outputs, parts } = outputsOf([['/workspace/long', long]]);
    expect([Buffer.compare(await outputs.read('long'), long), parts]).toEqual([
      0,
      [4 * 1024 * 1024, 4 * 1024 * 1024, 1024 * 1024],
    ]);
  });

  it.each([
    ['a file that was not collected', 'nope', {}, 'files/not-found'],
    ['a path that leads out', '../a', {}, 'files/invalid-path'],
    ['other bytes than those that were collected', 'a', { change: () => Buffer.from('b') }, 'workspace/corrupt'],
    ['fewer bytes', 'a', { change: () => Buffer.alloc(0) }, 'workspace/corrupt'],
    ['an object of another execution', 'a', { folder: 'executions/other/g1/outputs' }, 'workspace/corrupt'],
    ['an object of a session', 'a', { folder: 'sessions/e/packs' }, 'workspace/corrupt'],
  ])('have none of %s', async (_title, path, options, code) => {
    const { outputs } = outputsOf([['/workspace/a', 'a']], options);
    await expect(outputs.read(path)).rejects.toMatchObject({ code });
  });

  it('can be had though one is told with a path that is none, which counts as missed', async () => {
    const { outputs } = outputsOf([
      ['../../etc/passwd', 'bad'],
      ['/workspace/a', 'good'],
    ]);
    expect(outputs.files.map(({ path }) => path)).toEqual(['/workspace/a']);
    expect([outputs.missed[0], outputs.missedCount]).toEqual([
      { path: '../../etc/passwd', bytes: 3, reason: 'not-readable' },
      4,
    ]);
    expect([await outputs.readText('a'), await outputs.saveTo(newDirectory())]).toEqual(['good', ['a']]);
  });

  it('tell what was missed by any path', () => {
    const missed = [{ path: { base64: Buffer.from('/x/ä').toString('base64') }, reason: 'no-file' as const }];
    const outputs = new ExecutionOutputs(
      'e',
      { files: [], missed, more: 0 },
      { readObjectPart: () => Promise.reject() },
    );
    expect(outputs.missed).toEqual([{ path: '/x/ä', bytes: null, reason: 'no-file' }]);
  });

  it('are saved below a folder, over what is there, with names of any bytes', async () => {
    const folder = newDirectory();
    mkdirSync(`${folder}/dist`);
    writeFileSync(`${folder}/dist/a`, 'a longer one from before');
    const other = { base64: Buffer.from('/workspace/d\xff', 'latin1').toString('base64') };
    const { outputs } = outputsOf([
      ['/workspace/dist/a', 'a'],
      [other, 'b'],
      ['/workspace/x/y/empty', ''],
    ]);
    expect(await outputs.saveTo(folder)).toEqual(['dist/a', 'd�', 'x/y/empty']);
    const names = readdirSync(folder, { recursive: true, encoding: 'latin1' }).sort();
    expect([names, readFileSync(`${folder}/dist/a`, 'utf8')]).toEqual([
      ['dist', 'dist/a', 'd\xff', 'x', 'x/y', 'x/y/empty'],
      'a',
    ]);
  });

  it('leave a file as it was, and nothing beside it, where its bytes cannot be proved', async () => {
    const folder = newDirectory();
    writeFileSync(`${folder}/a`, 'before');
    const { outputs } = outputsOf([['/workspace/a', 'a']], { change: () => Buffer.from('b') });
    await expect(outputs.saveTo(folder)).rejects.toMatchObject({
      code: 'client/not-saved',
      cause: { errors: [{ code: 'workspace/corrupt' }] },
    });
    expect([readdirSync(folder), readFileSync(`${folder}/a`, 'utf8')]).toEqual([['a'], 'before']);
  });

  it('replace a link of the folder, and write nothing where it leads', async () => {
    const [folder, elsewhere] = [newDirectory(), newDirectory()];
    writeFileSync(`${elsewhere}/target`, 'before');
    symlinkSync(`${elsewhere}/target`, `${folder}/a`);
    await outputsOf([['/workspace/a', 'a']]).outputs.saveTo(folder);
    expect([readFileSync(`${folder}/a`, 'utf8'), readFileSync(`${elsewhere}/target`, 'utf8')]).toEqual(['a', 'before']);
  });

  it('are saved also where a name is as long as one can be', async () => {
    const folder = newDirectory();
    const name = 'x'.repeat(255);
    await outputsOf([[`/workspace/${name}`, 'a']]).outputs.saveTo(folder);
    expect([readdirSync(folder), readFileSync(`${folder}/${name}`, 'utf8')]).toEqual([[name], 'a']);
  });

  it('are saved but for those that cannot be, which the rejection names', async () => {
    const [folder, elsewhere] = [newDirectory(), newDirectory()];
    symlinkSync(elsewhere, `${folder}/link`);
    mkdirSync(`${folder}/taken`);
    writeFileSync(`${folder}/file`, 'before');
    const { outputs } = outputsOf([
      ['/workspace/a', 'a'],
      ['/workspace/file/below', 'b'],
      ['/workspace/link/in/b', 'b'],
      ['/workspace/taken', 'c'],
      ['/workspace/z/last', 'd'],
    ]);
    await expect(outputs.saveTo(folder)).rejects.toMatchObject({
      code: 'client/not-saved',
      message: expect.stringMatching(
        / 3 of 5 files .*'file\/below' \(.*'link\/in\/b' \('link' is a link.*'taken' \(.*EISDIR/,
      ),
    });
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    expect([names, readdirSync(elsewhere)]).toEqual([['a', 'file', 'link', 'taken', 'z', 'z/last'], []]);
  });

  it('are saved below a folder that is a link itself: who names it knows where it leads', async () => {
    const [folder, elsewhere] = [newDirectory(), newDirectory()];
    symlinkSync(elsewhere, `${folder}/out`);
    await outputsOf([['/workspace/a', 'a']]).outputs.saveTo(`${folder}/out`);
    expect(readFileSync(`${elsewhere}/a`, 'utf8')).toBe('a');
  });

  it('are plain data as JSON', () => {
    const { outputs } = outputsOf([['/workspace/a', 'a']]);
    const [file] = outputs.files;
    expect(JSON.parse(JSON.stringify(outputs))).toEqual({
      files: [{ path: '/workspace/a', bytes: 1, sha256: file?.sha256, mediaType: null, object: file?.object }],
      missed: [{ path: '/workspace/big', bytes: 9, reason: 'too-large' }],
      missedCount: 3,
    });
  });
});

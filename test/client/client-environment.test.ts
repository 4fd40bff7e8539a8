import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readLocalEnv, resolveEnvironment } from '../../client/client-environment.ts';

const local = { GOOGLE_CLOUD_PROJECT: 'local', SANDBUS_BUCKET: 'local-bucket', PUBSUB_EMULATOR_HOST: '127.0.0.1:1' };
const readLocal = () => local;

describe('where the SDK goes', () => {
  it('is the local stack when neither a project nor an emulator is named', () => {
    expect(resolveEnvironment({ PATH: '/bin' }, {}, readLocal)).toEqual({ ...local, PATH: '/bin' });
  });

  it.each([
    'GOOGLE_CLOUD_PROJECT',
    'PUBSUB_EMULATOR_HOST',
    'FIRESTORE_EMULATOR_HOST',
    'STORAGE_EMULATOR_HOST',
  ])('is what the variables say when %s is set, and nothing of the local stack', (name) => {
    expect(resolveEnvironment({ [name]: 'mine' }, {}, readLocal)).toEqual({ [name]: 'mine' });
  });

  it('is the local stack when the variables are set but empty', () => {
    const env = { GOOGLE_CLOUD_PROJECT: '', PUBSUB_EMULATOR_HOST: '' };
    expect(resolveEnvironment(env, {}, readLocal)).toEqual(local);
  });

  it('keeps other explicit variables over those of the local stack', () => {
    const resolved = resolveEnvironment({ SANDBUS_BUCKET: 'mine' }, {}, readLocal);
    expect(resolved).toEqual({ ...local, SANDBUS_BUCKET: 'mine' });
  });

  it('is the project that the program names, whatever the variables and the local stack say', () => {
    const env = { GOOGLE_CLOUD_PROJECT: 'of-the-shell', SANDBUS_BUCKET: 'of-the-shell' };
    expect(resolveEnvironment(env, { projectId: 'named', bucket: 'named-bucket' }, readLocal)).toEqual({
      GOOGLE_CLOUD_PROJECT: 'named',
      SANDBUS_BUCKET: 'named-bucket',
    });
    expect(resolveEnvironment({}, { projectId: 'named' }, readLocal)).toEqual({ GOOGLE_CLOUD_PROJECT: 'named' });
  });

  it('is only what the variables say without a local stack', () => {
    expect(resolveEnvironment({ PATH: '/bin' }, {}, () => null)).toEqual({ PATH: '/bin' });
  });
});

describe('the file of the local stack', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbus-env-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function write(where: string, text: string): Promise<void> {
    await mkdir(join(where, '.sandbus'), { recursive: true });
    await writeFile(join(where, '.sandbus/local.env'), text);
  }

  it('is found in the folder itself and in any folder above it', async () => {
    const below = join(folder, 'a/b');
    await mkdir(below, { recursive: true });
    await write(folder, "export A='above'");
    expect([readLocalEnv(folder), readLocalEnv(below)]).toEqual([{ A: 'above' }, { A: 'above' }]);
  });

  it('is the nearest one', async () => {
    await write(folder, "export A='above'");
    await write(join(folder, 'a'), "export A='near'");
    expect(readLocalEnv(join(folder, 'a'))).toEqual({ A: 'near' });
  });

  it('is passed over where .sandbus is no folder', async () => {
    await write(folder, "export A='above'");
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'a/.sandbus'), '');
    expect(readLocalEnv(join(folder, 'a'))).toEqual({ A: 'above' });
  });

  it('is refused by its name when it cannot be read as assignments', async () => {
    await write(folder, 'A=$B');
    expect(() => readLocalEnv(folder)).toThrow(`[config/invalid] ${join(folder, '.sandbus/local.env')}: line 1 is not`);
  });
});

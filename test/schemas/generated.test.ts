import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from '../../schemas/generate.ts';

const checkedIn = join(import.meta.dirname, '../../schemas/generated');
const files = ['messages.ts', 'validators.d.ts', 'validators.js'];

describe('the generated files', () => {
  let fresh = '';
  beforeAll(async () => {
    fresh = await mkdtemp(join(tmpdir(), 'sandbus-generated-'));
    await generate(fresh);
  });
  afterAll(() => rm(fresh, { recursive: true }));

  it.each(files)('%s is what the schemas generate; if not, run: npm run generate', (file) => {
    const content = (folder: string) => readFileSync(join(folder, file), 'utf8');
    expect(content(checkedIn) === content(fresh)).toBe(true);
  });

  it('are all that their folder holds', () => {
    expect(readdirSync(checkedIn).sort()).toEqual(files);
    expect(readdirSync(fresh).sort()).toEqual(files);
  });

  it('load within the start budget of an executor, which needs the validators below 300 kB', () => {
    expect(statSync(join(checkedIn, 'validators.js')).size).toBeLessThan(300_000);
  });

  it('need no package at run time', () => {
    const code = readFileSync(join(checkedIn, 'validators.js'), 'utf8');
    expect([...code.matchAll(/^import .*|= require\(.*/gm)].map(([line]) => line)).toEqual([]);
  });
});

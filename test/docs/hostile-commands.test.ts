import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listPath, renderHostileCommands } from '../escape/generate-list.ts';
import { subjects } from '../escape/hostile-command.ts';
import { hostileCommands } from '../escape/list-commands.ts';

describe('the list of hostile commands', () => {
  it('is fresh; if not, run: npm run generate', () => {
    const stored = readFileSync(join(import.meta.dirname, '../..', listPath), 'utf8');
    expect(stored === renderHostileCommands()).toBe(true);
  });

  it.each(Object.keys(subjects))('has some that are after: %s', (subject) => {
    expect(hostileCommands.filter((one) => one.subject === subject).length).toBeGreaterThan(4);
  });

  it('names each once', () => {
    const tries = hostileCommands.map((one) => one.tries);
    expect(tries.filter((one, index) => tries.indexOf(one) !== index)).toEqual([]);
  });

  it('says on what a command depends', () => {
    const command = { subject: 'kernel', tries: 'a_b', command: '', architecture: 'x64', needs: ['perl'] } as const;
    expect(renderHostileCommands([command])).toContain('- a_b *(on x86_64, with `perl`)*\n');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { drivesServer } from '../conformance/find-server-tests.ts';
import { generateChecks } from '../conformance/generate-checks.ts';
import { type Check, filesBesideConformance, type JestReport, readChecks } from '../conformance/list-checks.ts';
import { plain, renderList, renderSummary, replaceSummary } from '../conformance/render-checks.ts';

const root = join(import.meta.dirname, '../..');
const file = 'test/conformance/firestore/documents.test.ts';
const installed = "on Google's Firestore emulator";
const absent = `${installed}, not installed: gcloud components install cloud-firestore-emulator`;

type Titles = readonly (readonly string[])[];

/** A report on one file; the last title of each is the check's, the others are those of its groups. */
const aReport = (titles: Titles, message = ''): JestReport => ({
  testResults: [
    {
      name: `/project/${file}`,
      message,
      assertionResults: titles.map((path) => ({ ancestorTitles: path.slice(0, -1), title: path.at(-1) ?? '' })),
    },
  ],
});
const checksOf = (titles: Titles) => readChecks(aReport(titles), '/project');

const both = (group: string): Titles => [
  ['on this server', 'a document', 'is kept'],
  ['on this server', 'a document', 'is [kept] in mind'],
  ['on this server', 'what is not there', 'vectors'],
  [group, 'a document', 'is kept'],
  [group, 'a document', 'is [kept] in mind [it forgets]'],
  [group, 'what is not there', 'vectors'],
];
const aCheck = { server: 'firestore', file, subject: 'a document', onGoogle: null, isAbsence: false } as const;

describe('the documents made of the names of checks', () => {
  let fresh: ReturnType<typeof generateChecks>;
  beforeAll(() => {
    fresh = generateChecks();
  }, 300_000);

  it.each(['local/README.md', 'local/checks.md'] as const)('%s is fresh; if not, run: npm run generate', (path) => {
    expect(readFileSync(join(root, path), 'utf8') === fresh[path]).toBe(true);
  });

  it('have checks of all four servers', () => {
    for (const title of ['Pub/Sub', 'Firestore', 'Cloud Storage', 'Cloud Run jobs']) {
      expect(fresh['local/checks.md']).toContain(`\n## ${title}\n`);
    }
    expect(fresh['local/checks.md'].match(/^- [●○≠] /gm)?.length).toBeGreaterThan(500);
  });

  it.each(filesBesideConformance)('have the checks of %s', (path) => {
    expect(fresh['local/checks.md']).toContain(`(../${path})`);
  });
});

describe('a file of tests beside the conformance tests', () => {
  it.each([
    ['starts a server', 'test/local/firestore/disconnects.test.ts'],
    ['starts one through a file of its folder', 'test/local/storage/small-contents.test.ts'],
    ['starts one through the support of tests', 'test/local/firestore/restart.test.ts'],
    ['starts one with all the others', 'test/local/storage/kept-service-account.test.ts'],
    ['starts one as a process', 'test/local/storage/kill.test.ts'],
  ])('counts when it %s: %s', (_, path) => {
    expect([drivesServer(path), filesBesideConformance.includes(path)]).toEqual([true, true]);
  });

  it.each([
    ['tests a part of a server', 'test/local/firestore/lock-table.test.ts'],
    ['tests the store of a server', 'test/local/pubsub/sqlite-store.test.ts'],
  ])('does not count when it %s: %s', (_, path) => {
    expect([drivesServer(path), filesBesideConformance.includes(path)]).toEqual([false, false]);
  });
});

describe('a check', () => {
  it.each([installed, absent])('is one although it is declared twice, in the group "%s" too', (group) => {
    expect(checksOf(both(group))).toEqual([
      { ...aCheck, sentence: 'is kept', onGoogle: { kind: 'agrees' } },
      { ...aCheck, sentence: 'is [kept] in mind', onGoogle: { kind: 'differs', reason: 'it forgets' } },
      { ...aCheck, subject: 'what is not there', sentence: 'vectors', onGoogle: { kind: 'agrees' }, isAbsence: true },
    ]);
  });

  it.each([
    { titles: ['a document', 'is kept'], subject: 'a document', sentence: 'is kept' },
    { titles: ['a document', 'that is old', 'is kept'], subject: 'a document', sentence: 'that is old is kept' },
    { titles: ['on this server', 'lasts'], subject: 'documents', sentence: 'lasts' },
  ])('takes its subject from the first group, or else from its file: $titles', ({ titles, subject, sentence }) => {
    expect(checksOf([titles])).toEqual([{ ...aCheck, subject, sentence }]);
  });

  it('tells of an absence of its subject when that group is an inner one', () => {
    expect(checksOf([['a document', 'what is not there', 'vectors']])).toEqual([
      { ...aCheck, sentence: 'vectors', isAbsence: true },
    ]);
  });

  it('must have the same title on both servers', () => {
    const titles = [
      ['on this server', 'starts on port 1'],
      [installed, 'starts on port 2'],
    ];
    expect(() => checksOf(titles)).toThrow('"starts on port 2" is declared for Google\'s emulator and not for this');
  });

  it('of a file that cannot be read is missed, with the reason', () => {
    expect(() => readChecks(aReport([], 'no such module'), '/project')).toThrow(
      `${file} declares no check: no such module`,
    );
  });
});

describe('the summary', () => {
  const checks: readonly Check[] = checksOf(both(installed));
  const summary = renderSummary(checks);

  it('counts by server and by subject', () => {
    expect(summary).toContain('| Firestore | 3 | 2 | 1 |');
    expect(summary).toContain('| [a document](../test/conformance/firestore/documents.test.ts) | 2 | 1 | 1 |');
  });

  it('names each difference with its reason, and what is not there', () => {
    expect(summary).toContain('| Firestore | a document is \\[kept\\] in mind | it forgets |');
    expect(summary).toContain('| Firestore | vectors |  |');
  });

  it('takes the place of an older one', () => {
    const document = 'a\n<!-- checks: x -->\nold\n<!-- /checks -->\nb\n';
    const once = replaceSummary(document, 'new $& one');
    expect(once).toBe('a\n<!-- checks: x -->\n\nnew $& one\n\n<!-- /checks -->\nb\n');
    expect(replaceSummary(once, 'new $& one')).toBe(once);
  });

  it('needs its place', () => {
    expect(() => replaceSummary('a\n', 'new')).toThrow('has no <!-- checks');
  });
});

describe('the list', () => {
  it('marks where a check holds', () => {
    const list = renderList([...checksOf(both(installed)), { ...aCheck, sentence: 'is ours' }]);
    expect(list.match(/^- [●○≠] .*$/gm)?.slice(-4)).toEqual([
      '- ● is kept',
      '- ≠ is \\[kept\\] in mind *(it forgets)*',
      '- ○ is ours',
      '- ● vectors',
    ]);
  });
});

describe('a name in Markdown', () => {
  it.each([
    { name: 'a|b <c> `d` *e* __f__ a_b', shown: 'a\\|b \\<c\\> \\`d\\` \\*e\\* \\_\\_f\\_\\_ a_b' },
    { name: 'see [here](there)', shown: 'see \\[here\\]\\(there)' },
    { name: 'one\r\ntwo', shown: 'one\\\\r\\\\ntwo' },
    { name: `a${'b'.repeat(254)} ends`, shown: 'ab… (254 times) ends' },
    { name: 'word '.repeat(60), shown: `${'word '.repeat(48)}…` },
  ])('is shown as it is, in one line of bounded length: $shown', ({ name, shown }) => {
    expect(plain(name)).toBe(shown);
  });
});

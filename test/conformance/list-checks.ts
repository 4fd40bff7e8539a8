import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { findServerTests } from './find-server-tests.ts';

const root = join(import.meta.dirname, '../..');

export const checkedServers = ['pubsub', 'firestore', 'storage', 'run'] as const;
export type CheckedServer = (typeof checkedServers)[number];

/**
 * The rule of the table: every check in `test/conformance/`, and those beside it in a server's folder of `test/local/`
 * that also drive a running server. Tests of single parts of a server are not in it.
 */
export const filesBesideConformance = findServerTests(checkedServers);

/** What is known of a check on Google's emulator; `differs` says why. */
export type OnGoogle = { readonly kind: 'agrees' } | { readonly kind: 'differs'; readonly reason: string };

/** Something that a local server is held to, in the words of its test. */
export interface Check {
  readonly server: CheckedServer;
  /** From the project's root. */
  readonly file: string;
  /** What the sentence is about: its first words. */
  readonly subject: string;
  readonly sentence: string;
  /** Null where the check runs on this server only. */
  readonly onGoogle: OnGoogle | null;
  /** The check says how something is refused that the server does not have. */
  readonly isAbsence: boolean;
}

/** What this reads of jest's report. */
export interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; readonly title: string }[];
  }[];
}

/** The groups of `onEachServer`. */
const ownGroup = 'on this server';
const googleGroup = /^on Google's .* emulator(?:, not installed: .*)?$/;
export const absenceGroup = 'what is not there';

/** Reads the checks out of jest's report on files below `folder`, in the order of files and of their declaration. */
export function readChecks(report: JestReport, folder: string): readonly Check[] {
  const files = report.testResults.map((result) => ({ ...result, file: relative(folder, result.name) }));
  const unread = files.find(({ assertionResults }) => assertionResults.length === 0);
  if (unread) throw new Error(`${unread.file} declares no check: ${unread.message}`);
  return files.toSorted((a, b) => (a.file < b.file ? -1 : 1)).flatMap(readFile);
}

type FileResult = JestReport['testResults'][number] & { readonly file: string };

function readFile({ file, assertionResults }: FileResult): readonly Check[] {
  const server = checkedServers.find((name) => file.split('/').includes(name));
  if (server === undefined) throw new Error(`${file} is in no server's folder (${checkedServers.join(', ')})`);
  const named = assertionResults.map(({ ancestorTitles, title }) => ({
    isOnGoogle: ancestorTitles.some((group) => googleGroup.test(group)),
    groups: ancestorTitles.filter((group) => group !== ownGroup && !googleGroup.test(group)),
    title,
  }));
  const onGoogle = named.filter(({ isOnGoogle }) => isOnGoogle);
  const checks = named
    .filter(({ isOnGoogle }) => !isOnGoogle)
    .map(({ groups, title }) => {
      const same = onGoogle.findIndex((other) => isSame(other, { groups, title }));
      const [found] = same < 0 ? [] : onGoogle.splice(same, 1);
      const [subject = wordsOf(file), ...rest] = groups.filter((group, n) => n === 0 || group !== absenceGroup);
      return {
        server,
        file,
        subject,
        sentence: [...rest, title].join(' '),
        onGoogle: found ? describeGoogle(found.title, title) : null,
        isAbsence: groups.includes(absenceGroup),
      };
    });
  const [alone] = onGoogle;
  if (alone) {
    throw new Error(
      `${file}: ${JSON.stringify(alone.title)} is declared for Google's emulator and not for this server: ` +
        'its title must be the same each time',
    );
  }
  return checks;
}

interface Named {
  readonly groups: readonly string[];
  readonly title: string;
}

/** On Google's emulator a title may end with the reason for which it fails there. */
function isSame(onGoogle: Named, own: Named): boolean {
  const title = onGoogle.title;
  if (onGoogle.groups.join('\n') !== own.groups.join('\n')) return false;
  return title === own.title || (title.startsWith(`${own.title} [`) && title.endsWith(']'));
}

function describeGoogle(title: string, own: string): OnGoogle {
  return title === own ? { kind: 'agrees' } : { kind: 'differs', reason: title.slice(own.length + 2, -1) };
}

const wordsOf = (file: string) => file.replace(/^.*\/|\.test\.ts$/g, '').replaceAll('-', ' ');

/**
 * Asks jest for all checks without running one. Programs on the machine must not change the answer, so none is on the
 * path: Google's emulators are never found, and their checks are declared all the same.
 */
export function listChecks(): readonly Check[] {
  const folder = mkdtempSync(join(tmpdir(), 'sandbus-checks-'));
  try {
    const outputFile = join(folder, 'report.json');
    const files = [...checkedServers.map((server) => `test/conformance/${server}/`), ...filesBesideConformance];
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        join(root, 'scripts/test.ts'),
        '--testNamePattern=$^',
        '--json',
        `--outputFile=${outputFile}`,
        '--reporters=default',
        '--',
        ...files,
      ],
      { cwd: root, env: { ...process.env, PATH: '' }, encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    if (status !== 0) throw new Error(`jest could not list the checks: ${stderr}`);
    const checks = readChecks(JSON.parse(readFileSync(outputFile, 'utf8')), root);
    const missing = filesBesideConformance.find((file) => !checks.some((check) => check.file === file));
    if (missing) throw new Error(`${missing} drives a server and has no check`);
    return checks;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { programFolder } from '../../cli/deploy/run-tool.ts';

/** One call of a tool: its name and its arguments, and what it was given to read. */
export interface ToolCall {
  readonly tool: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

export interface StandIns {
  readonly env: Readonly<Record<string, string>>;
  calls(): Promise<readonly ToolCall[]>;
  /** Files of Pulumi's configuration of stacks of the project, beside the program. */
  configFiles(): Promise<readonly string[]>;
  /** What Pulumi's configuration of the stack holds. */
  config(): Promise<Readonly<Record<string, string>>>;
  /** What a call whose words begin like this answers from now on. */
  answer(
    command: string,
    answer: { readonly code?: number; readonly stdout?: string; readonly stderr?: string },
  ): Promise<void>;
  remove(): Promise<void>;
}

/*
 * Stand-ins for the command lines of Pulumi, gcloud and npm: they take the verbs and options that `sandbus deploy` uses, keep a
 * configuration, and write down how they were called. They make nothing; no word of theirs is Google's.
 */
const program = `
const { existsSync, readFileSync, writeFileSync, appendFileSync } = require('node:fs');
const { basename } = require('node:path');
const folder = process.env.STAND_IN_FOLDER;
const tool = basename(process.argv[1]);
const args = process.argv.slice(2);
const stdin = readFileSync(0, 'utf8');
appendFileSync(folder + '/calls.jsonl', JSON.stringify({ tool, args, stdin }) + '\\n');
const words = [tool, ...args.filter((arg) => !arg.startsWith('-'))].join(' ');
const answers = JSON.parse(readFileSync(folder + '/answers.json', 'utf8'));
const key = Object.keys(answers).filter((one) => words.startsWith(one)).sort((a, b) => b.length - a.length)[0];
if (key !== undefined) {
  const { code = 0, stdout = '', stderr = '' } = answers[key];
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exit(code);
}
const valueOf = (option) => (args.includes(option) ? args[args.indexOf(option) + 1] : undefined);
const readJson = (file, otherwise) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : otherwise);
// Of a state, as of a bucket or a folder, all that is kept are the names of its stacks.
const stacksFile = folder + '/stacks.json';
const stacks = readJson(stacksFile, []);
const url = process.env.PULUMI_BACKEND_URL;
const isThere = (name) => stacks.some((stack) => stack.url === url && stack.name === name);
if (tool === 'pulumi' && args[0] === 'stack' && args[1] === 'ls') {
  process.stdout.write(JSON.stringify(stacks.filter((stack) => stack.url === url)));
}
if (tool === 'pulumi' && args[0] === 'stack' && args[1] === 'select') {
  const name = valueOf('--create');
  if (!isThere(name)) writeFileSync(stacksFile, JSON.stringify([...stacks, { url, name }]));
  if (!existsSync('Pulumi.' + name + '.yaml')) writeFileSync('Pulumi.' + name + '.yaml', '{}');
}
if (tool === 'pulumi' && args.includes('--stack') && !isThere(valueOf('--stack'))) {
  process.stderr.write('error: no stack named ' + valueOf('--stack') + ' found');
  process.exit(1);
}
if (tool === 'pulumi' && args[0] === 'config') {
  // The configuration lies beside the program, as Pulumi's does; JSON is YAML, too.
  const file = valueOf('--config-file') ?? 'Pulumi.' + valueOf('--stack') + '.yaml';
  const config = readJson(file, {});
  if (args[1] === 'set') {
    const secret = args.includes('--secret');
    const options = [valueOf('--stack'), valueOf('--config-file')];
    const [name, value] = args.slice(2).filter((arg) => !arg.startsWith('--') && !options.includes(arg));
    config[name] = secret ? { secret: true, value: stdin } : { secret: false, value: value ?? stdin };
    writeFileSync(file, JSON.stringify(config));
  } else {
    const shown = Object.entries(config).map(([name, { secret, value }]) => [name, secret ? { secret } : { secret, value }]);
    process.stdout.write(JSON.stringify(Object.fromEntries(shown)));
  }
}
`;

const urn = (type: string, name: string) => `urn:pulumi:s::sandbus::sandbus:infra:group$gcp:${type}::${name}`;

/** How the tools answer where everything is there. */
const goodAnswers = {
  'pulumi version': { stdout: 'v3.248.0\n' },
  'pulumi preview': {
    stdout: JSON.stringify({
      steps: [
        { op: 'create', urn: urn('pubsub/topic:Topic', 'exec-requests') },
        { op: 'create', urn: urn('pubsub/topic:Topic', 'exec-results') },
        { op: 'same', urn: urn('storage/bucket:Bucket', 'bucket') },
      ],
    }),
  },
  'pulumi stack output': {
    stdout: JSON.stringify({
      bucket: 'acme-tests-of-deploy-sandbus',
      registry: 'europe-west1-docker.pkg.dev/acme-tests-of-deploy/sandbus',
    }),
  },
  'pulumi up': { stdout: ' +  gcp:pubsub:Topic exec-requests created\n' },
  'gcloud version': { stdout: '528.0.0\n' },
  'gcloud auth list': { stdout: 'person@acme.example\n' },
  'gcloud projects describe': { stdout: '123456789012\n' },
  'gcloud billing projects describe': { stdout: 'True\n' },
  'gcloud services list': { stdout: 'serviceusage.googleapis.com\ncloudresourcemanager.googleapis.com\n' },
  'gcloud projects get-iam-policy': { stdout: 'roles/owner\n' },
  'gcloud run regions list': { stdout: 'europe-west1\nus-central1\n' },
};

export async function makeStandIns(): Promise<StandIns> {
  const folder = await mkdtemp(join(tmpdir(), 'stand-ins-'));
  const answers: Record<string, object> = { ...goodAnswers };
  const store = () => writeFile(join(folder, 'answers.json'), JSON.stringify(answers));
  await store();
  await writeFile(join(folder, 'calls.jsonl'), '');
  for (const tool of ['pulumi', 'gcloud', 'npm']) {
    const file = join(folder, tool);
    await writeFile(file, `#!${process.execPath}\n${program}`);
    await chmod(file, 0o755);
  }
  const filesOfStacks = async () =>
    (await readdir(programFolder)).filter((name) => name.startsWith('Pulumi.acme-tests-of-deploy-'));
  return {
    env: { PATH: `${folder}:/usr/bin:/bin`, STAND_IN_FOLDER: folder, PULUMI_CONFIG_PASSPHRASE_FILE: '/dev/null' },
    async calls() {
      const text = await readFile(join(folder, 'calls.jsonl'), 'utf8');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    },
    configFiles: filesOfStacks,
    async config() {
      const text = await readFile(join(programFolder, 'Pulumi.acme-tests-of-deploy-europe-west1.yaml'), 'utf8');
      const entries = Object.entries(JSON.parse(text)) as [string, { value: string }][];
      return Object.fromEntries(entries.map(([name, { value }]) => [name, value]));
    },
    async answer(command, answer) {
      answers[command] = answer;
      await store();
    },
    async remove() {
      for (const name of await filesOfStacks()) await rm(join(programFolder, name));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readPlan } from '../../cli/deploy/plan.ts';
import { parseDeploy } from '../../cli/deploy.ts';
import { secrets } from '../../infra/components.ts';
import { runSandbus } from './run-sandbus.ts';
import { makeStandIns, type StandIns } from './stand-in-tools.ts';

/* The real command over stand-ins of Pulumi's and Google's command lines: nothing is deployed. */

const place = ['--project', 'acme-tests-of-deploy', '--region', 'europe-west1'];
const stackName = 'acme-tests-of-deploy-europe-west1';
const image = (name: string, digit: string) =>
  `europe-west1-docker.pkg.dev/acme-tests-of-deploy/sandbus/${name}@sha256:${digit.repeat(64)}`;
const images = (digit: string) => [
  ...['--set', `executorImages=standard=${image('executor', digit)}`],
  ...['--set', `serviceImage=${image('service', digit)}`],
];

let tools: StandIns;
beforeEach(async () => {
  tools = await makeStandIns();
});
afterEach(() => tools.remove());

const deploy = (...args: readonly string[]) => runSandbus(['deploy', ...place, ...args], { env: tools.env });
const called = async (words: string) =>
  (await tools.calls()).filter(({ tool, args }) => [tool, ...args].join(' ').startsWith(words));

describe('sandbus deploy', () => {
  it('tells what would be made and what it costs, and does nothing of it without --yes', async () => {
    const { code, stderr } = await deploy(...images('a'));
    expect([code, (await called('pulumi up')).length]).toEqual([0, 0]);
    expect(stderr).toContain('ok      project: acme-tests-of-deploy, number 123456789012');
    expect(stderr).toMatch(/2 {2}Topic/);
    expect(stderr).toContain('Idle it costs $0.00 a month');
    expect(stderr).toMatch(/A thousand cold commands cost about \$1\.\d\d at list price/);
    expect(stderr).toContain('The same command with --yes does it.');
  });

  it('applies it with --yes, tells progress, and how to go on', async () => {
    const { code, stderr, stdout } = await deploy(...images('a'), '--yes', '--json');
    expect([code, (await called('pulumi up')).length]).toEqual([0, 1]);
    expect(stderr).toContain('gcp:pubsub:Topic exec-requests created');
    expect(stderr).toContain(
      'export GOOGLE_CLOUD_PROJECT=acme-tests-of-deploy SANDBUS_BUCKET=acme-tests-of-deploy-sandbus',
    );
    expect(JSON.parse(stdout)).toMatchObject({ applied: true, outputs: { bucket: 'acme-tests-of-deploy-sandbus' } });
  });

  it('makes random keys once, and shows them to nobody', async () => {
    const first = await deploy(...images('a'), '--yes');
    const second = await deploy(...images('a'), '--yes');
    const made = (await called('pulumi config set --secret')).filter(({ args }) => args.includes(stackName));
    const names = Object.values(secrets);
    expect(made.map(({ args }) => args[3])).toEqual(names.map((name) => `sandbus:${name}`));
    const keys = made.map(({ stdin }) => stdin);
    expect(new Set(keys).size).toBe(names.length);
    const shown = JSON.stringify([first, second, (await tools.calls()).map(({ args }) => args)]);
    expect(keys.filter((key) => key.length < 64 || shown.includes(key))).toEqual([]);
  });

  it('keeps what was configured, and goes back to the images of before', async () => {
    await deploy(...images('a'), '--set', 'sizes=small,large', '--yes');
    await deploy(...images('b'), '--yes');
    await deploy('--set', 'retentionDays=7', '--yes');
    expect(await tools.config()).toMatchObject({
      'gcp:project': 'acme-tests-of-deploy',
      'sandbus:serviceImage': image('service', 'b'),
      'sandbus:sizes': 'small,large',
    });
    const { code } = await deploy('--rollback', '--yes');
    expect([code, await tools.config()]).toMatchObject([
      0,
      {
        'sandbus:serviceImage': image('service', 'a'),
        'sandbus:executorImages': `standard=${image('executor', 'a')}`,
        'sandbus:retentionDays': '7',
      },
    ]);
  });

  it('has nothing to go back to after a single deployment', async () => {
    await deploy(...images('a'), '--yes');
    const { code, stderr } = await deploy('--rollback', '--yes');
    expect([code, stderr.includes('there is nothing to go back to')]).toEqual([1, true]);
  });

  it('makes only the registry before there are images', async () => {
    const { stderr } = await deploy();
    expect(stderr).toContain('only the registry that they are pushed to is made');
  });

  it('refuses a configuration that is wrong, before anything is stored', async () => {
    const { code, stderr } = await deploy(...images('a'), '--set', 'clients=allUsers', '--yes');
    expect([code, stderr.includes('everybody is none')]).toEqual([1, true]);
    expect(await tools.configFiles()).toEqual([]);
  });

  it('deletes and replaces nothing unless it may', async () => {
    const step = { op: 'replace', urn: 'urn:pulumi:s::sandbus::gcp:storage/bucket:Bucket::bucket' };
    await tools.answer('pulumi preview', { stdout: JSON.stringify({ steps: [step] }) });
    const refused = await deploy(...images('a'), '--yes');
    expect([refused.code, (await called('pulumi up')).length, await tools.configFiles()]).toEqual([1, 0, []]);
    expect(refused.stderr).toContain('replace Bucket bucket');
    const allowed = await deploy(...images('a'), '--yes', '--allow-deletions');
    expect([allowed.code, (await called('pulumi up')).length]).toEqual([0, 1]);
  });

  it('switches on the launcher of sandboxes of each job, which the provider does not know', async () => {
    await deploy(...images('a'), '--set', 'sandboxLauncher=true', '--set', 'networks=none,internet', '--yes');
    expect((await called('gcloud beta run jobs update')).map(({ args }) => args.slice(4, 6))).toEqual([
      ['sandbus-standard-small-none', '--sandbox-launcher'],
      ['sandbus-standard-small-internet', '--sandbox-launcher'],
    ]);
  });

  it('makes the bucket of the state, closed and with versions, where there is none', async () => {
    await tools.answer('gcloud storage buckets describe', { code: 1, stderr: 'not found' });
    await deploy(...images('a'), '--yes');
    const [made] = await called('gcloud storage buckets create gs://acme-tests-of-deploy-sandbus-state');
    expect(made?.args).toEqual(expect.arrayContaining(['--uniform-bucket-level-access', '--public-access-prevention']));
    expect(
      await called('gcloud storage buckets update gs://acme-tests-of-deploy-sandbus-state --versioning'),
    ).toHaveLength(1);
  });

  it('leaves nothing where nothing was deployed and --yes is not given: no bucket, no stack, no configuration', async () => {
    await tools.answer('gcloud storage buckets describe', { code: 1, stderr: 'not found: 404' });
    const { code, stderr } = await deploy(...images('a'));
    expect([code, stderr.includes('Nothing of this was done or stored.')]).toEqual([0, true]);
    expect([await called('gcloud storage buckets create'), await tools.configFiles()]).toEqual([[], []]);
  });

  it('keeps nothing of what was only looked at', async () => {
    await deploy(...images('a'), '--yes');
    const before = await tools.config();
    const looked = await deploy(...images('b'), '--set', 'clients=user:x@acme.example');
    expect([looked.code, await tools.config(), await tools.configFiles()]).toEqual([
      0,
      before,
      [`Pulumi.${stackName}.yaml`],
    ]);
  });

  it('does not take a state that it may not see for one that is not there', async () => {
    await tools.answer('gcloud storage buckets describe', { code: 1, stderr: 'permission denied' });
    const { code, stderr } = await deploy(...images('a'));
    expect([code, stderr.includes('permission denied'), await called('pulumi preview')]).toEqual([1, true, []]);
  });

  it('passes on what Pulumi says when it fails', async () => {
    await tools.answer('pulumi up', { code: 255, stderr: 'error: quota exceeded' });
    const { code, stderr } = await deploy(...images('a'), '--yes');
    expect([code, stderr.includes('error: quota exceeded')]).toEqual([1, true]);
  });
});

describe('what a deployment needs', () => {
  it.each([
    ['pulumi version', { stdout: 'v2.1.0' }, 'failed  pulumi: v2.1.0'],
    ['gcloud version', { code: 127 }, 'failed  gcloud: not there'],
    ['gcloud auth list', {}, 'failed  account: none'],
    ['gcloud auth application-default', { code: 1 }, 'failed  credentials for Pulumi: none'],
    ['gcloud projects describe', { code: 1, stderr: 'no permission' }, 'failed  project: no permission'],
    ['gcloud billing projects describe', { stdout: 'False' }, 'failed  billing: off'],
    ['gcloud services list', { stdout: 'serviceusage.googleapis.com' }, 'off: cloudresourcemanager.googleapis.com'],
    [
      'gcloud run regions list',
      { stdout: 'us-central1' },
      'failed  region and quotas: Cloud Run is not in europe-west1',
    ],
  ])('is told with its remedy and ends it: %s', async (command, answer, told) => {
    await tools.answer(command, answer);
    const { code, stderr } = await deploy(...images('a'), '--yes');
    expect([code, stderr.includes(told)]).toEqual([1, true]);
    expect(await called('pulumi stack')).toEqual([]);
  });

  it.each([
    [
      'gcloud projects get-iam-policy',
      { stdout: 'roles/run.admin' },
      'warning permissions: not directly: roles/serviceusage',
    ],
    ['gcloud billing projects describe', { code: 1 }, 'warning billing: not to be seen'],
    ['gcloud run regions list', { code: 1 }, 'warning region and quotas: not to be seen'],
  ])('is only warned of where it cannot be seen: %s', async (command, answer, told) => {
    await tools.answer(command, answer);
    const { code, stderr } = await deploy(...images('a'));
    expect([code, stderr.includes(told)]).toEqual([0, true]);
  });
});

describe('a teardown', () => {
  it('asks what shall become of the data', async () => {
    const { code, stderr } = await deploy('--teardown', '--yes');
    expect([code, stderr.includes('what shall become of the data?'), await tools.calls()]).toEqual([2, true, []]);
  });

  it('does nothing without --yes', async () => {
    const { code, stderr } = await deploy('--teardown', '--data', 'delete');
    expect([code, stderr.includes('FOR GOOD'), (await called('pulumi destroy')).length]).toEqual([0, true, 0]);
  });

  it.each([
    ['keep', 0, true],
    ['delete', 1, false],
  ])('with --data %s leaves the configuration as it was', async (data, ups, isExcluded) => {
    await deploy(...images('a'), '--yes');
    const [before, { length }] = [await tools.config(), await called('pulumi up')];
    await deploy('--teardown', '--data', data, '--yes');
    const [destroyed] = await called('pulumi destroy');
    expect(destroyed?.args.includes('--exclude-protected')).toBe(isExcluded);
    expect([(await called('pulumi up')).length - length, await tools.config()]).toEqual([ups, before]);
  });

  it('leaves what holds data protected for the next deployment where it fails', async () => {
    await deploy(...images('a'), '--yes');
    await tools.answer('pulumi destroy', { code: 255, stderr: 'error: in use' });
    const { code, stderr } = await deploy('--teardown', '--data', 'delete', '--yes');
    expect([code, stderr.includes('error: in use')]).toEqual([1, true]);
    expect(await tools.config()).not.toHaveProperty('sandbus:protectData');
  });

  it('has nothing to do where nothing was deployed', async () => {
    const { code, stderr } = await deploy('--teardown', '--data', 'keep', '--yes');
    expect([code, stderr.includes('there is nothing to tear down')]).toEqual([1, true]);
  });
});

describe('the arguments of deploy', () => {
  it.each([
    [['--project', 'p', '--region', 'europe-west1'], '--project needs the id of a project'],
    [['--project', 'acme-tests-of-deploy', '--region', 'Europe'], '--region needs a region'],
    [[...place, '--set', 'colour=red'], '--set has no key "colour"'],
    [[...place, '--set', 'sizes'], '--set has no key "sizes"'],
    [[...place, '--rollback', '--teardown'], 'contradict'],
    [[...place, '--data', 'keep'], '--data belongs to --teardown'],
    [[...place, '--rollback', '--set', 'sizes=small'], '--set belongs to a deployment'],
    [[...place, 'now'], 'deploy takes no "now"'],
  ])('are refused: %j', (args, problem) => {
    expect(parseDeploy(args)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('a preview', () => {
  it.each(['', 'no json', '[]', '{"steps":1}'])('that is none is refused: %j', (text) => {
    expect(readPlan(text)).toBeNull();
  });
});

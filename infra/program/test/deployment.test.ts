import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Deployment } from '../../deployment.ts';
import { dataChecks } from './check-data.ts';
import { grantChecks } from './check-grants.ts';
import { messageChecks } from './check-messages.ts';
import { runChecks } from './check-runs.ts';
import { countOfValueLists, refusedValues } from './provider-values.ts';
import { aDeployment, type Recorded, recordDeployment } from './record-deployment.ts';

const checks = [...messageChecks, ...grantChecks, ...runChecks, ...dataChecks];

const everything = {
  networks: 'none,internet',
  sizes: 'small,medium,large',
  clients: 'serviceAccount:agent@acme-tests.iam.gserviceaccount.com,group:developers@acme.example',
  operators: 'group:operators@acme.example',
  alertEmail: 'oncall@acme.example',
  billingAccount: '012345-6789AB-CDEF01',
  backups: 'true',
  auditReads: 'true',
  maxTimeoutMinutes: '10080',
};

describe.each([
  ['the smallest deployment', {}],
  ['one with everything', everything],
  ['one that pulls', { delivery: 'pull' }],
  ['one that is closed to all but Google’s private addresses', { ...everything, noneEgress: 'strict' }],
  [
    'one without a network of its own, webhooks and protection',
    { noneEgress: 'open', webhooks: 'false', protectData: 'false' },
  ],
] as const)('%s', (_which, configured) => {
  const deployment: Deployment = aDeployment(configured);
  let recorded: readonly Recorded[];
  beforeAll(async () => {
    recorded = await recordDeployment(deployment);
  });

  it.each(checks)('holds: $name', ({ problemsOf }) => {
    expect(recorded.length).toBeGreaterThan(100);
    expect(problemsOf(recorded, deployment)).toEqual([]);
  });
});

describe('the resources of the smallest deployment', () => {
  it('are these and no others', async () => {
    const recorded = await recordDeployment(aDeployment());
    const types = recorded.map(({ type }) => type.replace(/^gcp:.*:/, ''));
    const counts = Object.fromEntries(
      [...new Set(types)].map((type) => [type, types.filter((one) => one === type).length]),
    );
    // Those that follow from a table of `infra/` are compared with it one by one, by the checks above.
    const asMany = expect.any(Number);
    expect(counts).toEqual({
      ...{ Topic: asMany, Subscription: asMany, AlertPolicy: asMany, Index: asMany, Field: asMany, Service: 18 },
      ...{ TopicIAMMember: asMany, SubscriptionIAMMember: asMany, IAMMember: 6, BucketIAMMember: 4 },
      ...{ JobIamMember: 3, ServiceIamMember: 2, SecretIamMember: 6, IAMAuditConfig: 1 },
      ...{ Account: 7, ServiceIdentity: 2, Secret: 4, SecretVersion: 4, Repository: 1, Bucket: 1, Database: 1 },
      ...{ Network: 1, Subnetwork: 1, Firewall: 3, Job: 4, Metric: 3, ProjectSink: 1, Dashboard: 1 },
    });
  });

  it('have no two of one name, so that none replaces another', async () => {
    const names = (await recordDeployment(aDeployment(everything))).map(({ type, name }) => `${type} ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('the lists of values of the provider', () => {
  it('are found, in its arguments and in those below them', () => {
    expect(countOfValueLists()).toBeGreaterThan(500);
    const refused = refusedValues({
      type: 'gcp:cloudrunv2/job:Job',
      name: 'j',
      inputs: {
        launchStage: 'NOW',
        template: {
          template: { timeout: '60', vpcAccess: { egress: 'ALL_TRAFIC' } },
        },
      },
    });
    expect(refused.map((problem) => problem.replace(/^.* j\.|:.*$/g, ''))).toEqual([
      'launchStage is "NOW"',
      'template.template.timeout is "60"',
      'template.template.vpcAccess.egress is "ALL_TRAFIC"',
    ]);
  });
});

import type { RunTool } from './run-tool.ts';

export interface Place {
  readonly project: string;
  readonly region: string;
}

/** `failed` ends a deployment; a `warning` may be right, as not everything can be seen by whoever deploys. */
export interface Finding {
  readonly name: string;
  readonly result: 'ok' | 'warning' | 'failed';
  readonly found: string;
  /** What to do; empty for what is well. */
  readonly advice: string;
}

const ok = (name: string, found: string): Finding => ({ name, result: 'ok', found, advice: '' });
const firstLine = (text: string) => text.trim().split('\n')[0] ?? '';

/** APIs that switch on the others, and without which Pulumi can do nothing. */
const firstApis = ['serviceusage.googleapis.com', 'cloudresourcemanager.googleapis.com'];

/** Roles that together let a person deploy; an owner has all of them. */
export const deployerRoles = [
  'roles/serviceusage.serviceUsageAdmin',
  'roles/run.admin',
  'roles/pubsub.admin',
  'roles/datastore.owner',
  'roles/storage.admin',
  'roles/artifactregistry.admin',
  'roles/secretmanager.admin',
  'roles/cloudscheduler.admin',
  'roles/iam.serviceAccountAdmin',
  'roles/iam.serviceAccountUser',
  'roles/resourcemanager.projectIamAdmin',
  'roles/compute.networkAdmin',
  'roles/compute.securityAdmin',
  'roles/dns.admin',
  'roles/logging.configWriter',
  'roles/monitoring.editor',
] as const;

/** Looks for what a deployment needs, in the order in which one thing needs another; what depends on a failure is left out. */
export async function findPrerequisites(
  { project, region }: Place,
  env: Readonly<Record<string, string | undefined>>,
  run: RunTool,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const gcloud = async (...args: readonly string[]) => await run('gcloud', [...args, '--quiet']);

  const pulumi = await run('pulumi', ['version']);
  findings.push(
    pulumi.code === 0 && /^v[3-9]\./.test(firstLine(pulumi.stdout))
      ? ok('pulumi', firstLine(pulumi.stdout))
      : {
          ...{ name: 'pulumi', result: 'failed', found: pulumi.code === null ? 'not there' : firstLine(pulumi.stdout) },
          advice: 'Install Pulumi 3 (https://www.pulumi.com/docs/install/), and see that it is on the PATH.',
        },
  );
  const hasPassphrase = Boolean(env.PULUMI_CONFIG_PASSPHRASE || env.PULUMI_CONFIG_PASSPHRASE_FILE);
  const hasProvider = Boolean(env.SANDBUS_SECRETS_PROVIDER);
  findings.push(
    hasPassphrase || hasProvider
      ? ok('keys are encrypted', hasProvider ? 'by the secrets provider' : 'by the passphrase')
      : {
          ...{ name: 'keys are encrypted', result: 'failed', found: 'by nothing' },
          advice:
            'Set PULUMI_CONFIG_PASSPHRASE_FILE to a file with a passphrase that you keep, or SANDBUS_SECRETS_PROVIDER to gcpkms://….',
        },
  );
  const version = await run('gcloud', ['version', '--format=value(Google Cloud SDK)']);
  if (version.code !== 0) {
    const advice = 'Install the Google Cloud CLI (https://cloud.google.com/sdk/docs/install).';
    return [...findings, { name: 'gcloud', result: 'failed', found: 'not there', advice }];
  }
  findings.push(ok('gcloud', firstLine(version.stdout)));

  const account = await gcloud('auth', 'list', '--filter=status:ACTIVE', '--format=value(account)');
  const who = firstLine(account.stdout);
  if (who === '') {
    return [...findings, { name: 'account', result: 'failed', found: 'none', advice: 'gcloud auth login' }];
  }
  findings.push(ok('account', who));
  // The token itself is looked at by nobody.
  const token = await gcloud('auth', 'application-default', 'print-access-token');
  findings.push(
    token.code === 0
      ? ok('credentials for Pulumi', 'there')
      : {
          ...{ name: 'credentials for Pulumi', result: 'failed', found: 'none' },
          advice: 'gcloud auth application-default login',
        },
  );
  const described = await gcloud('projects', 'describe', project, '--format=value(projectNumber)');
  if (described.code !== 0) {
    const found = firstLine(described.stderr) || 'not to be seen';
    return [...findings, { name: 'project', result: 'failed', found, advice: `gcloud projects create ${project}` }];
  }
  findings.push(ok('project', `${project}, number ${firstLine(described.stdout)}`));

  const billing = await gcloud('billing', 'projects', 'describe', project, '--format=value(billingEnabled)');
  const isBilled = firstLine(billing.stdout).toLowerCase();
  findings.push(
    isBilled === 'true'
      ? ok('billing', 'on')
      : {
          ...{ name: 'billing', result: isBilled === 'false' ? 'failed' : 'warning' },
          ...{ found: isBilled === 'false' ? 'off' : 'not to be seen' },
          advice: `gcloud billing projects link ${project} --billing-account=ACCOUNT`,
        },
  );
  const apis = await gcloud('services', 'list', '--enabled', `--project=${project}`, '--format=value(config.name)');
  const missing = firstApis.filter((api) => !apis.stdout.split(/\s+/).includes(api));
  findings.push(
    missing.length === 0
      ? ok('first APIs', 'on; the others are switched on')
      : {
          ...{ name: 'first APIs', result: 'failed', found: `off: ${missing.join(', ')}` },
          advice: `gcloud services enable ${missing.join(' ')} --project=${project}`,
        },
  );
  findings.push(await findRoles(project, who, gcloud), await findRegion({ project, region }, gcloud));
  return findings;
}

type Gcloud = (...args: readonly string[]) => ReturnType<RunTool>;

/** Roles may come from a group or a folder, which cannot be seen here, so what is missing is no more than a warning. */
async function findRoles(project: string, who: string, gcloud: Gcloud): Promise<Finding> {
  const policy = await gcloud(
    ...['projects', 'get-iam-policy', project, '--flatten=bindings[].members'],
    ...[`--filter=bindings.members:${who}`, '--format=value(bindings.role)'],
  );
  const roles = policy.stdout.split(/\s+/);
  const missing = roles.includes('roles/owner') ? [] : deployerRoles.filter((role) => !roles.includes(role));
  if (policy.code === 0 && missing.length === 0) return ok('permissions', 'all that are needed');
  const found = policy.code === 0 ? `not directly: ${missing.join(', ')}` : 'not to be seen';
  return { name: 'permissions', result: 'warning', found, advice: 'docs/deploy.md, "Who deploys", has the commands.' };
}

/** A region that is misspelt is found here; what its quotas are worth stands in the runbook. */
async function findRegion({ project, region }: Place, gcloud: Gcloud): Promise<Finding> {
  const regions = await gcloud('run', 'regions', 'list', `--project=${project}`, '--format=value(locationId)');
  const name = 'region and quotas';
  if (regions.code !== 0) {
    const advice = 'It is looked at again once run.googleapis.com is on.';
    return { name, result: 'warning', found: 'not to be seen', advice };
  }
  if (!regions.stdout.split(/\s+/).includes(region)) {
    return { name, result: 'failed', found: `Cloud Run is not in ${region}`, advice: 'gcloud run regions list' };
  }
  return ok(name, `${region}: 1,000 executions at a time and 180 launches a minute, unless Google gave you more`);
}

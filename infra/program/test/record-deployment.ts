import * as pulumi from '@pulumi/pulumi';
import { secrets } from '../../components.ts';
import { type Deployment, readDeployment } from '../../deployment.ts';
import { createDeployment } from '../create-deployment.ts';

/** A resource as the engine was asked for it. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export const digest = `sha256:${'0'.repeat(64)}`;
export const place = { project: 'acme-tests', projectNumber: '123456789012', region: 'europe-west1' };
const images = {
  executorImages: `standard=europe-west1-docker.pkg.dev/acme-tests/sandbus/executor@${digest}`,
  serviceImage: `europe-west1-docker.pkg.dev/acme-tests/sandbus/service@${digest}`,
};

export const aDeployment = (configured: Readonly<Record<string, string>> = {}): Deployment =>
  readDeployment(place, { ...images, ...configured });

/** Inputs of which Google makes something that other resources read. */
function stateOf({ type, name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  switch (type) {
    case 'gcp:serviceaccount/account:Account':
      return {
        ...inputs,
        email: `${inputs.accountId}@${place.project}.iam.gserviceaccount.com`,
        name: `projects/${place.project}/serviceAccounts/${inputs.accountId}`,
      };
    case 'gcp:secretmanager/secretVersion:SecretVersion':
      return { ...inputs, version: '1' };
    case 'gcp:logging/projectSink:ProjectSink':
      return {
        ...inputs,
        writerIdentity: `serviceAccount:service-${place.projectNumber}@gcp-sa-logging.iam.gserviceaccount.com`,
      };
    default:
      return { name, ...inputs };
  }
}

/** Runs the program for a deployment without an engine, and tells every resource that it asked for. */
export async function recordDeployment(deployment: Deployment): Promise<readonly Recorded[]> {
  return await recordProgram(async () => createDeployment(deployment));
}

export async function recordProgram(run: () => Promise<void>): Promise<readonly Recorded[]> {
  const recorded: Recorded[] = [];
  pulumi.runtime.setAllConfig({
    'gcp:project': place.project,
    'gcp:region': place.region,
    'sandbus:executorImages': images.executorImages,
    'sandbus:serviceImage': images.serviceImage,
    ...Object.fromEntries(Object.values(secrets).map((id) => [`sandbus:${id}`, 'k'.repeat(48)])),
  });
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        recorded.push({ type: args.type, name: args.name, inputs: args.inputs });
        return { id: `${args.name}-id`, state: stateOf(args) };
      },
      call: ({ inputs }) => ({ ...inputs, number: place.projectNumber }),
    },
    'sandbus',
    'test',
    false,
  );
  await run();
  // Every registration has been made once the engine is let go of.
  await pulumi.runtime.disconnect();
  return recorded.filter(({ type }) => type.startsWith('gcp:'));
}

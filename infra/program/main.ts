import * as gcp from '@pulumi/gcp';
import { Config } from '@pulumi/pulumi';
import { urlOf } from '../components.ts';
import { deploymentKeys, readDeployment } from '../deployment.ts';
import { createDeployment } from './create-deployment.ts';
import { repositoryId } from './registry.ts';

/** The Pulumi program: `pulumi preview` and `pulumi up` run it, and `sandbus deploy` runs those. */

const config = new Config('sandbus');
const place = new Config('gcp');
const project = place.require('project');
const { number: projectNumber } = await gcp.organizations.getProject({ projectId: project });
const region = place.require('region');
const deployment = readDeployment(
  { project, projectNumber, region },
  Object.fromEntries(deploymentKeys.map(({ name }) => [name, config.get(name)])),
);
createDeployment(deployment);

export const bucket = deployment.bucket;
export const dispatcherUrl = urlOf('dispatcher', deployment);
export const registry = `${region}-docker.pkg.dev/${project}/${repositoryId}`;

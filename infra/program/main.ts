import * as gcp from '@pulumi/gcp';
import { Config } from '@pulumi/pulumi';
import { urlOf } from '../components.ts';
import { deploymentKeys, readDeployment } from '../deployment.ts';
import { createDeployment, createRegistryAlone } from './create-deployment.ts';
import { repositoryId } from './registry.ts';

/**
 * The Pulumi program: `pulumi preview` and `pulumi up` run it, and `sandbus deploy` runs those. Before images are configured
 * it makes only what they are pushed to.
 */

const config = new Config('sandbus');
const place = new Config('gcp');
const project = place.require('project');
const region = place.require('region');
const configured = Object.fromEntries(deploymentKeys.map(({ name }) => [name, config.get(name)]));
const { number: projectNumber } = await gcp.organizations.getProject({ projectId: project });
const hasImages = configured.executorImages !== undefined || configured.serviceImage !== undefined;
const deployment = hasImages ? readDeployment({ project, projectNumber, region }, configured) : null;
if (deployment === null) createRegistryAlone(region);
else createDeployment(deployment);

export const bucket = deployment?.bucket ?? null;
export const dispatcherUrl = deployment === null ? null : urlOf('dispatcher', deployment);
export const registry = `${region}-docker.pkg.dev/${project}/${repositoryId}`;

import { ComponentResource, type CustomResourceOptions, type Resource } from '@pulumi/pulumi';
import type { Deployment } from '../deployment.ts';

export interface Context {
  readonly deployment: Deployment;
  /** What everything waits for: the APIs of the project. */
  readonly after: readonly Resource[];
}

/** Options of the resources of one subject: shown together, and made once the APIs are on. */
export function inGroup(name: string, { after }: Pick<Context, 'after'>): CustomResourceOptions {
  return { parent: new ComponentResource(`sandbus:infra:${name}`, name), dependsOn: [...after] };
}

/** Options of what holds data: as those of its group, and protected if the deployment says so. */
export const protectedIn = (group: CustomResourceOptions, { deployment }: Context): CustomResourceOptions => ({
  ...group,
  protect: deployment.protectData,
  // A replacement would be an empty database or bucket.
  retainOnDelete: deployment.protectData,
});

import * as gcp from '@pulumi/gcp';
import { requiredApis } from '../apis.ts';
import { inGroup } from './context.ts';

/** Switches on what the program uses; a teardown leaves them on, as others may use them. */
export function enableApis(): readonly gcp.projects.Service[] {
  const group = inGroup('apis', { after: [] });
  return requiredApis.map((service) => new gcp.projects.Service(service, { service, disableOnDestroy: false }, group));
}

/** Google's agents exist once something has used their API; grants to them need them before that. */
export function nameAgents(after: readonly gcp.projects.Service[]): readonly gcp.projects.ServiceIdentity[] {
  const group = inGroup('agents', { after });
  return ['pubsub.googleapis.com', 'cloudscheduler.googleapis.com'].map(
    (service) => new gcp.projects.ServiceIdentity(service, { service }, group),
  );
}

import * as gcp from '@pulumi/gcp';
import { type Context, inGroup } from './context.ts';

/** Services whose data is the deployment's. Changes of resources are always logged, at no cost. */
const audited = [
  'pubsub.googleapis.com',
  'storage.googleapis.com',
  'datastore.googleapis.com',
  'secretmanager.googleapis.com',
];

/** Access to keys is logged in any case: services read them once a start. Reads of data only on demand, as each is billed. */
export function createAudit(context: Context): void {
  const group = inGroup('audit', context);
  const project = context.deployment.project;
  for (const service of audited) {
    const isSecret = service === 'secretmanager.googleapis.com';
    if (!isSecret && !context.deployment.auditReads) continue;
    new gcp.projects.IAMAuditConfig(
      service,
      {
        project,
        service,
        auditLogConfigs: [{ logType: 'DATA_READ' }, ...(isSecret ? [] : [{ logType: 'DATA_WRITE' }])],
      },
      group,
    );
  }
}

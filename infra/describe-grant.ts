import { accounts, emailOf, secrets } from './components.ts';
import type { Deployment } from './deployment.ts';
import type { Grant, GrantedResource, Grantee } from './permissions.ts';

/** The member as IAM spells it. */
export function memberOf(to: Grantee, deployment: Pick<Deployment, 'project' | 'projectNumber'>): string {
  switch (to.kind) {
    case 'component':
      return `serviceAccount:${emailOf(to.component, deployment)}`;
    case 'agent':
      return `serviceAccount:service-${deployment.projectNumber}@gcp-sa-${to.agent}.iam.gserviceaccount.com`;
    case 'principal':
      return to.principal;
  }
}

/** The resource as a reader knows it. */
export function resourceOf(on: GrantedResource): string {
  switch (on.kind) {
    case 'topic':
    case 'subscription':
    case 'job':
      return `${on.kind} ${on.name}`;
    case 'bucket':
      return on.prefix === undefined ? 'the bucket' : `the bucket, objects below ${on.prefix}`;
    case 'service':
      return `service ${accounts[on.component]}`;
    case 'secret':
      return `secret ${secrets[on.variable]}`;
    case 'account':
      return `service account ${accounts[on.component]}`;
    case 'own-account':
      return `service account ${on.email}`;
    case 'database':
      return 'the project, on the condition that the resource is the database (default)';
  }
}

const agents = { pubsub: 'Pub/Sub', cloudscheduler: 'Cloud Scheduler', logging: 'Cloud Logging' };

export const granteeOf = (to: Grantee): string => {
  switch (to.kind) {
    case 'component':
      return accounts[to.component];
    case 'agent':
      return `Google's agent of ${agents[to.agent]}`;
    case 'principal':
      return to.principal;
  }
};

export const describeGrant = ({ to, role, on }: Grant): string => `${granteeOf(to)} | ${role} | ${resourceOf(on)}`;

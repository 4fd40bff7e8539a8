import * as gcp from '@pulumi/gcp';
import { Config } from '@pulumi/pulumi';
import { type SecretVariable, secrets } from '../components.ts';
import { type Context, inGroup, protectedIn } from './context.ts';

export type SecretVersions = ReadonlyMap<SecretVariable, gcp.secretmanager.SecretVersion>;

/** The keys of the deployment. Their values come encrypted from the stack's configuration, where `sandbus deploy` puts random ones. */
export function createSecrets(context: Context): SecretVersions {
  const group = inGroup('secrets', context);
  const { webhooks, region } = context.deployment;
  const config = new Config('sandbus');
  const wanted = (Object.entries(secrets) as [SecretVariable, string][]).filter(
    ([variable]) => webhooks || variable !== 'SANDBUS_WEBHOOK_KEY',
  );
  return new Map(
    wanted.map(([variable, secretId]) => {
      const secret = new gcp.secretmanager.Secret(
        secretId,
        { secretId, replication: { userManaged: { replicas: [{ location: region }] } } },
        protectedIn(group, context),
      );
      const version = new gcp.secretmanager.SecretVersion(
        secretId,
        // The old version of a rotation stays: services of before may still start with it.
        { secret: secret.id, secretData: config.requireSecret(secretId), deletionPolicy: 'ABANDON' },
        group,
      );
      return [variable, version];
    }),
  );
}

import * as gcp from '@pulumi/gcp';
import { profilesOf, sizes } from '../profiles.ts';
import { envOf, jobTimeoutSeconds } from '../service-env.ts';
import { type Context, inGroup } from './context.ts';
import type { Accounts } from './identities.ts';
import type { ClosedNetwork } from './network.ts';

export type Jobs = ReadonlyMap<string, gcp.cloudrunv2.Job>;

/** One job for each profile: a launch can change none of its size, network, image and account. */
export function createJobs(closed: ClosedNetwork | null, accounts: Accounts, context: Context): Jobs {
  const group = inGroup('jobs', context);
  const { deployment } = context;
  const { plain } = envOf('executor', deployment);
  return new Map(
    profilesOf(deployment).map(({ name, size, network, image }) => {
      const { cpu, memoryMb } = sizes[size];
      const job = new gcp.cloudrunv2.Job(
        name,
        {
          name,
          location: deployment.region,
          // The field of the sandbox launcher is in preview; jobs that use it must say so.
          ...(deployment.sandboxLauncher && { launchStage: 'BETA' }),
          deletionProtection: false,
          template: {
            taskCount: 1,
            parallelism: 1,
            template: {
              // A retry would run a command twice.
              maxRetries: 0,
              timeout: `${jobTimeoutSeconds(deployment)}s`,
              serviceAccount: accounts.executor.email,
              executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
              containers: [
                {
                  image: deployment.executorImages[image] ?? '',
                  envs: Object.entries(plain).map(([variable, value]) => ({ name: variable, value })),
                  resources: { limits: { cpu: String(cpu), memory: `${memoryMb}Mi` } },
                },
              ],
              ...(network === 'none' &&
                closed !== null && {
                  vpcAccess: {
                    egress: 'ALL_TRAFFIC',
                    networkInterfaces: [{ network: closed.network.id, subnetwork: closed.subnetwork.id }],
                  },
                }),
            },
          },
        },
        group,
      );
      return [name, job];
    }),
  );
}

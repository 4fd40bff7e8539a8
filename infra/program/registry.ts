import * as gcp from '@pulumi/gcp';
import { type Context, inGroup } from './context.ts';

export const repositoryId = 'sandbus';

/** Where images are pushed to. Tags never move, and what is not among the ten newest goes after a month. */
export function createRegistry({ region, after }: { readonly region: string } & Pick<Context, 'after'>): void {
  new gcp.artifactregistry.Repository(
    'registry',
    {
      repositoryId,
      location: region,
      format: 'DOCKER',
      dockerConfig: { immutableTags: true },
      cleanupPolicies: [
        { id: 'keep-newest', action: 'KEEP', mostRecentVersions: { keepCount: 10 } },
        { id: 'delete-old', action: 'DELETE', condition: { olderThan: '2592000s', tagState: 'ANY' } },
      ],
    },
    inGroup('registry', { after }),
  );
}

import { join } from 'node:path';
import { proveWall } from '../walls/prove-wall.ts';
import type { RaisedWall, Wall, WallFolders } from '../walls/wall.ts';
import { proxyPort } from './proxy-environment.ts';
import type { EgressProxy } from './serve-egress.ts';

/**
 * Leads to the metadata server, as an attacker's name would; it stands in no name server, so that the proof depends on none.
 * (RFC 6761 keeps "example" for such uses.)
 */
export const proofName = 'leads-to-metadata.sandbus.example';

/**
 * Tries from behind a wall that has a network what its proxy must refuse under the widest policy there is, and whether
 * there is another way out. Rejects with `wall/unavailable` when anything of it was possible.
 */
export async function proveEgress(
  kind: Wall['kind'],
  raised: Pick<RaisedWall, 'run'>,
  folders: Pick<WallFolders, 'pipes'>,
  proxy: EgressProxy,
): Promise<void> {
  proxy.use({ kind: 'internet' });
  await proveWall(kind, raised, folders, {
    script: join(import.meta.dirname, 'prove-egress.bash'),
    env: { SANDBUS_PROXY_PORT: String(proxyPort), SANDBUS_PROOF_NAME: proofName },
  });
  proxy.use({ kind: 'none' });
  proxy.takeRefusals();
}

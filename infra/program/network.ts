import * as gcp from '@pulumi/gcp';
import { type Context, inGroup } from './context.ts';

export interface ClosedNetwork {
  readonly network: gcp.compute.Network;
  readonly subnetwork: gcp.compute.Subnetwork;
}

/** private.googleapis.com (https://cloud.google.com/vpc/docs/configure-private-google-access). */
const googlePrivateRange = '199.36.153.8/30';
const googlePrivateAddresses = ['199.36.153.8', '199.36.153.9', '199.36.153.10', '199.36.153.11'];
const allAddresses = ['0.0.0.0/0'];

/**
 * The network of jobs without one: nothing in it has an address of the internet and there is no NAT, so only Google's own
 * services answer; whatever is not HTTPS is refused. With `strict` only their private addresses are let through, which
 * needs zones that lead there.
 */
export function createClosedNetwork(context: Context): ClosedNetwork | null {
  const { noneEgress, region } = context.deployment;
  if (noneEgress === 'open') return null;
  const group = inGroup('network', context);
  const network = new gcp.compute.Network(
    'sandbus',
    { name: 'sandbus', autoCreateSubnetworks: false, routingMode: 'REGIONAL' },
    group,
  );
  const subnetwork = new gcp.compute.Subnetwork(
    'sandbus-jobs',
    {
      name: 'sandbus-jobs',
      network: network.id,
      region,
      // A job takes two addresses for a while after its end: enough for 1,000 at a time and 180 starts a minute.
      ipCidrRange: '10.128.0.0/19',
      privateIpGoogleAccess: true,
      stackType: 'IPV4_ONLY',
    },
    group,
  );
  new gcp.compute.Firewall(
    'sandbus-deny-egress',
    {
      name: 'sandbus-deny-egress',
      network: network.id,
      direction: 'EGRESS',
      priority: 65_000,
      denies: [{ protocol: 'all' }],
      destinationRanges: allAddresses,
    },
    group,
  );
  new gcp.compute.Firewall(
    'sandbus-allow-google',
    {
      name: 'sandbus-allow-google',
      network: network.id,
      direction: 'EGRESS',
      priority: 2000,
      allows: [{ protocol: 'tcp', ports: ['443'] }],
      destinationRanges: noneEgress === 'strict' ? [googlePrivateRange] : allAddresses,
    },
    group,
  );
  new gcp.compute.Firewall(
    'sandbus-deny-ingress',
    {
      name: 'sandbus-deny-ingress',
      network: network.id,
      direction: 'INGRESS',
      priority: 65_000,
      denies: [{ protocol: 'all' }],
      sourceRanges: allAddresses,
    },
    group,
  );
  if (noneEgress === 'strict')
    for (const domain of ['googleapis.com.', 'run.app.']) leadToGoogle(domain, network, context);
  return { network, subnetwork };
}

function leadToGoogle(domain: string, network: gcp.compute.Network, context: Context): void {
  const name = `sandbus-${domain.replace(/\W+/g, '-').replace(/-$/, '')}`;
  const group = inGroup(`zone-${name}`, context);
  const zone = new gcp.dns.ManagedZone(
    name,
    {
      name,
      dnsName: domain,
      description: `${domain} by private.googleapis.com`,
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl: network.id }] },
    },
    group,
  );
  new gcp.dns.RecordSet(
    `${name}-any`,
    { managedZone: zone.name, name: `*.${domain}`, type: 'A', ttl: 300, rrdatas: googlePrivateAddresses },
    group,
  );
}

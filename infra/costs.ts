import type { Deployment } from './deployment.ts';
import { sizes, smallestSize } from './profiles.ts';

/** List prices in US dollars of Google's first price tier, as read in autumn 2026; they change, and free amounts lower them. */
export const prices = {
  jobVcpuSecond: 0.000018,
  jobGibSecond: 0.000002,
  serviceVcpuSecond: 0.000024,
  serviceGibSecond: 0.0000025,
  serviceMillionRequests: 0.4,
  firestoreWrites100k: 0.09,
  firestoreReads100k: 0.03,
  firestoreDeletes100k: 0.01,
  storageClassA1000: 0.005,
  storageClassB1000: 0.0004,
  pubsubTib: 40,
  schedulerJobMonth: 0.1,
  dnsZoneMonth: 0.2,
  secretVersionMonth: 0.06,
} as const;

/** A job is taken to be billed for a minute at least; several sources say so, Google's page was not seen to. */
export const leastBilledSeconds = 60;

/** What one command writes and reads, from ARCHITECTURE.md, and about how long services are busy for it. */
const perCommand = {
  writes: 9,
  reads: 12,
  deletes: 2,
  classA: 3,
  classB: 3,
  requests: 8,
  serviceSeconds: 0.4,
  pubsubBytes: 6 * 22_000,
};

const serviceGib = 0.5;

export interface CostLine {
  readonly what: string;
  readonly dollars: number;
}

/** What a thousand cold commands of a few seconds cost at list price, by what causes it. */
export function costOfThousand(): readonly CostLine[] {
  const { cpu, memoryMb } = sizes[smallestSize];
  const second = cpu * prices.jobVcpuSecond + (memoryMb / 1024) * prices.jobGibSecond;
  const { writes, reads, deletes, classA, classB, requests, serviceSeconds, pubsubBytes } = perCommand;
  return [
    { what: `jobs of the size ${smallestSize}, a minute each`, dollars: 1000 * leastBilledSeconds * second },
    {
      what: 'services, while they answer',
      dollars:
        1000 * serviceSeconds * (prices.serviceVcpuSecond + serviceGib * prices.serviceGibSecond) +
        ((1000 * requests) / 1e6) * prices.serviceMillionRequests,
    },
    {
      what: 'Firestore',
      dollars:
        (writes * prices.firestoreWrites100k +
          reads * prices.firestoreReads100k +
          deletes * prices.firestoreDeletes100k) /
        100,
    },
    { what: 'Cloud Storage, calls', dollars: classA * prices.storageClassA1000 + classB * prices.storageClassB1000 },
    { what: 'Pub/Sub', dollars: ((1000 * pubsubBytes) / 2 ** 40) * prices.pubsubTib },
  ];
}

/** What a deployment costs in a month in which nobody uses it, at list price beyond the free amounts of a billing account. */
export function idleMonth(deployment: Pick<Deployment, 'delivery' | 'noneEgress' | 'webhooks'>): readonly CostLine[] {
  const monthSeconds = 30 * 24 * 60 * 60;
  const instance = monthSeconds * (prices.jobVcpuSecond + serviceGib * prices.jobGibSecond);
  return [
    ...(deployment.delivery === 'pull'
      ? [{ what: 'three services that always run (delivery: pull)', dollars: 3 * instance }]
      : []),
    ...(deployment.noneEgress === 'strict'
      ? [{ what: 'two private DNS zones (noneEgress: strict)', dollars: 2 * prices.dnsZoneMonth }]
      : []),
  ];
}

/** What stays within the free amounts of a billing account as long as nothing else uses them up. */
export const freeWhileIdle: readonly string[] = [
  `two Cloud Scheduler jobs (three are free; $${prices.schedulerJobMonth.toFixed(2)} a month each beyond)`,
  'a minute of the retention job each hour (43,200 of 240,000 free vCPU seconds a month)',
  `two or three secret versions (six are free; $${prices.secretVersionMonth.toFixed(2)} a month each beyond)`,
  'two requests a minute to sleeping services (2 million requests and 180,000 vCPU seconds a month are free)',
  'images in Artifact Registry (0.5 GB is free; $0.10 per GB and month beyond)',
];

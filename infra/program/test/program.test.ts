import { describe, expect, it } from '@jest/globals';
import { createRegistryAlone } from '../create-deployment.ts';
import { place, recordProgram } from './record-deployment.ts';

describe('the program that Pulumi runs', () => {
  it('reads its configuration, makes the deployment and tells where it is', async () => {
    let outputs: Readonly<Record<string, unknown>> = {};
    const recorded = await recordProgram(async () => {
      outputs = { ...(await import('../main.ts')) };
    });
    expect(recorded.length).toBeGreaterThan(100);
    expect(outputs).toEqual({
      bucket: 'acme-tests-sandbus',
      dispatcherUrl: 'https://sandbus-dispatcher-123456789012.europe-west1.run.app',
      registry: 'europe-west1-docker.pkg.dev/acme-tests/sandbus',
    });
  });

  it('makes only what images are pushed to, before there are any', async () => {
    const recorded = await recordProgram(async () => createRegistryAlone(place.region));
    const types = new Set(recorded.map(({ type }) => type));
    expect([...types]).toEqual(['gcp:projects/service:Service', 'gcp:artifactregistry/repository:Repository']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { readDeployment } from '../../infra/deployment.ts';
import { envOf } from '../../infra/service-env.ts';

const place = { project: 'acme-tests', projectNumber: '1', region: 'europe-west1' };
const digest = `sha256:${'a'.repeat(64)}`;
const images = { executorImages: `standard=x.example/e@${digest}`, serviceImage: `x.example/s@${digest}` };
const problemOf = (configured: Readonly<Record<string, string>>) => {
  try {
    readDeployment(place, { ...images, ...configured });
    return null;
  } catch (error) {
    return String(error);
  }
};

describe('the configuration of a deployment', () => {
  it('needs two images; the rest costs nothing while nobody uses it', () => {
    expect(readDeployment(place, images)).toMatchObject({
      bucket: 'acme-tests-sandbus',
      delivery: 'push',
      networks: ['none'],
      sizes: ['small'],
      noneEgress: 'google-apis',
      backups: false,
      auditReads: false,
      budget: null,
      protectData: true,
    });
  });

  it('tells everything that is wrong in one error', () => {
    expect(() => readDeployment(place, { delivery: 'fax', colour: 'red' })).toThrow(
      /there is no key colour.*executorImages is missing.*serviceImage is missing.*delivery must be one of push, pull/,
    );
  });

  it.each([
    [{ executorImages: 'standard=x.example/e:latest' }, 'executorImages must be NAME=URL@sha256:DIGEST'],
    [{ serviceImage: `x.example/s:1` }, 'serviceImage must be URL@sha256:DIGEST'],
    [{ networks: 'internet' }, 'networks must begin with none'],
    [{ networks: 'none,internet' }, null],
    [{ sizes: 'large' }, 'sizes must begin with small'],
    [{ sizes: 'small,huge' }, 'sizes must be some of small, medium, large'],
    [{ sizes: 'small,small' }, 'sizes must be some of'],
    [{ clients: 'allUsers' }, 'everybody is none'],
    [{ clients: 'allAuthenticatedUsers,user:a@b.example' }, 'everybody is none'],
    [{ operators: 'domain:acme.example' }, 'everybody is none'],
    [{ clients: 'user:a@b.example,group:g@b.example' }, null],
    [{ maxTimeoutMinutes: '10081' }, 'maxTimeoutMinutes must be a whole number from 1 to 10080'],
    [{ bucket: 'A' }, 'bucket must be the name of a bucket'],
  ] as readonly [Readonly<Record<string, string>>, string | null][])('with %j: %s', (configured, problem) => {
    expect(problemOf(configured)).toEqual(problem === null ? null : expect.stringContaining(problem));
  });
});

describe('the environment of the dispatcher', () => {
  it('names the widest job for what fits no other', () => {
    const deployment = readDeployment(place, { ...images, networks: 'none,internet', sizes: 'small,large' });
    const { plain } = envOf('dispatcher', deployment);
    const job = (name: string) => `projects/acme-tests/locations/europe-west1/jobs/sandbus-standard-${name}`;
    expect(plain.SANDBUS_JOB).toBe(job('large-internet'));
    expect(plain.SANDBUS_JOBS?.split(',')).toEqual([
      `${job('small-none')}:none:1024`,
      `${job('large-none')}:none:8192`,
      `${job('small-internet')}:internet:1024`,
      `${job('large-internet')}:internet:8192`,
    ]);
  });
});

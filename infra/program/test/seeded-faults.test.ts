import { beforeAll, describe, expect, it } from '@jest/globals';
import { dataChecks } from './check-data.ts';
import { grantChecks } from './check-grants.ts';
import { messageChecks } from './check-messages.ts';
import { runChecks } from './check-runs.ts';
import { faults } from './faults.ts';
import { aDeployment, type Recorded, recordDeployment } from './record-deployment.ts';

/*
 * The test of the tests: what a mistake in the program would make of its resources, one at a time. Each must be noticed by
 * the check that it is for.
 */

const checks = [...messageChecks, ...grantChecks, ...runChecks, ...dataChecks];
const deployment = aDeployment({
  networks: 'none,internet',
  alertEmail: 'oncall@acme.example',
  billingAccount: '012345-6789AB-CDEF01',
});

describe('a fault', () => {
  let recorded: readonly Recorded[];
  beforeAll(async () => {
    recorded = await recordDeployment(deployment);
  });

  const problemsIn = (all: readonly Recorded[]) =>
    checks.flatMap(({ name, problemsOf }) => problemsOf(all, deployment).map((problem) => `${name}: ${problem}`));

  it('is not found in the program as it is', () => {
    expect(problemsIn(recorded)).toEqual([]);
    expect(faults.length).toBeGreaterThanOrEqual(20);
  });

  it.each(faults)('is noticed: %s', (_what, change, check) => {
    const changed = structuredClone(recorded) as Recorded[];
    change(changed);
    expect(
      problemsIn(changed).filter((problem) => problem.split(': ')[0]?.includes(check) || problem.includes(check)),
    ).not.toEqual([]);
  });

  it.each(checks)('is what each check is for, and some fault shows it: $name', ({ problemsOf }) => {
    const noticing = faults.filter(([, change]) => {
      const changed = structuredClone(recorded) as Recorded[];
      change(changed);
      return problemsOf(changed, deployment).length > 0;
    });
    expect(noticing.length).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from '@jest/globals';
import { createLimitsNotice } from '../../dispatcher/limits-notice.ts';

describe('the limits of the deployment', () => {
  it('are told once, however often that is wanted', async () => {
    let told = 0;
    const notice = createLimitsNotice(
      async () => {
        told += 1;
      },
      () => {},
    );
    for (const _ of Array(3)) {
      notice.want();
      notice.want();
      await notice.settled();
    }
    expect(told).toBe(1);
  });

  it('are not complained about when the process ends before they could be told', async () => {
    const telling = Promise.withResolvers<void>();
    const warnings: string[] = [];
    const notice = createLimitsNotice(
      () => telling.promise,
      (_severity, message) => void warnings.push(message),
    );
    notice.want();
    notice.close();
    telling.reject(new Error('closed'));
    await notice.settled();
    notice.want();
    expect(warnings).toEqual([]);
  });

  it('are told with a later round where Firestore was away', async () => {
    const tries: number[] = [];
    const warnings: string[] = [];
    const tell = async () => {
      tries.push(tries.length);
      if (tries.length === 1) throw new Error('down');
    };
    const notice = createLimitsNotice(tell, (_severity, message) => void warnings.push(message));
    for (const _ of Array(3)) {
      notice.want();
      await notice.settled();
    }
    expect([tries.length, warnings.length]).toEqual([2, 1]);
  });
});

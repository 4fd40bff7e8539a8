import fc from 'fast-check';
import type { ExecRequest } from '../../schemas/generated/messages.ts';
import { type DeliveryFault, noFault, type PipelineModel } from './pipeline-model.ts';

/** One thing that happens to the pipeline. Numbers choose among what is there. */
export type Action =
  | {
      readonly kind: 'ask';
      readonly session: number;
      readonly maxGenerations: number;
      /** From now; null: never. */
      readonly expiresInMs: number | null;
      /** In the session of numbered requests, which is one of its own; null: in `session`, without a number. */
      readonly sequence: number | null;
    }
  | { readonly kind: 'ask-again' | 'cancel'; readonly which: number }
  | { readonly kind: 'deliver'; readonly which: number; readonly fault: DeliveryFault }
  | { readonly kind: 'give-up'; readonly which: number; readonly diesAfter: number | null }
  | { readonly kind: 'step-job' | 'heartbeat' | 'kill-job' | 'double-job'; readonly which: number }
  | { readonly kind: 'time' | 'clock'; readonly ms: number }
  | { readonly kind: 'sweep' };

const which = fc.nat(20);
const fault: fc.Arbitrary<DeliveryFault> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(noFault) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }).map((diesAfter) => ({ ...noFault, diesAfter })) },
  { weight: 1, arbitrary: fc.constant({ ...noFault, losesAck: true }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<DeliveryFault['launch']>(
        'refused',
        'quota',
        'unavailable',
        'started-and-refused',
        'started-and-unavailable',
      )
      .map((launch) => ({ ...noFault, launch })),
  },
);
const ofKind = <K extends string>(...kinds: readonly K[]) => fc.record({ kind: fc.constantFrom(...kinds), which });

export const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('ask' as const),
        session: fc.nat(1),
        maxGenerations: fc.constantFrom(1, 1, 1, 2, 3),
        expiresInMs: fc.constantFrom(null, null, 1000, 3000),
        sequence: fc.constantFrom(null, null, null, 1, 2, 3, 4),
      }),
    },
    { weight: 2, arbitrary: ofKind('ask-again', 'cancel') },
    { weight: 10, arbitrary: fc.record({ kind: fc.constant('deliver' as const), which, fault }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('give-up' as const),
        which,
        diesAfter: fc.constantFrom(null, null, 1, 2),
      }),
    },
    { weight: 6, arbitrary: ofKind('step-job') },
    { weight: 2, arbitrary: ofKind('heartbeat', 'kill-job', 'double-job') },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 3000 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('clock' as const), ms: fc.integer({ min: -2000, max: 2000 }) }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'sweep' as const }) },
  ),
  { minLength: 5, maxLength: 80, size: 'max' },
);

/** Whose executions run by their numbers. */
export const numberedSession = 's-numbered';

/** Does one action. `asked` grows by what is asked for. */
export async function act(action: Action, model: PipelineModel, asked: ExecRequest[]): Promise<void> {
  switch (action.kind) {
    case 'ask': {
      const { session, maxGenerations, expiresInMs, sequence } = action;
      const request = {
        ...{ executionId: `e${asked.length}`, sessionId: sequence === null ? `s${session}` : numberedSession },
        command: 'true',
        ...(maxGenerations > 1 && { retry: { maxGenerations } }),
        ...(expiresInMs !== null && { expiresAt: new Date(model.now() + expiresInMs).toISOString() }),
        ...(sequence !== null && { sequence }),
      };
      asked.push(request);
      return model.publish('requests', request);
    }
    case 'ask-again': {
      const request = asked[action.which % asked.length];
      return request && model.publish('requests', request);
    }
    case 'cancel': {
      const request = asked[action.which % asked.length];
      if (request === undefined) return;
      const { sessionId, executionId } = request;
      return model.publish('control', { sessionId, action: { kind: 'cancel', executionId } });
    }
    case 'deliver':
      return await model.deliver(action.which, action.fault);
    case 'give-up':
      return await model.giveUp(action.which, action.diesAfter);
    case 'step-job':
      return await model.stepJob(action.which);
    case 'heartbeat':
      return await model.heartbeat(action.which);
    case 'kill-job':
      return model.killJob(action.which);
    case 'double-job':
      return model.doubleJob(action.which);
    case 'time':
      return model.passTime(action.ms);
    case 'clock':
      return model.jumpClock(action.ms);
    case 'sweep':
      return model.publish('sweep', { requestedAt: new Date(0).toISOString() });
    default:
      throw new Error(`no such action: ${JSON.stringify(action satisfies never)}`);
  }
}

import { PipelineError } from '../../execution/pipeline-error.ts';
import { StepBudget } from '../step-budget.ts';
import { globBudget } from './glob.ts';

/** What all lists of one request may cost together, beside what each may. Beyond it files/too-large is thrown. */
export interface ListBudget {
  readonly patterns: StepBudget;
  /** Names that are looked at, whether they match or not. */
  readonly walked: StepBudget;
  /** Names that are told: answers are held in memory until all are there. */
  readonly listed: StepBudget;
}

/** Twice, and three times, what one list may have: a client puts into one request what it was asked for at the same time. */
const usual = { walked: 2_000_000, listed: 300_000 };

export const listBudget = ({
  walked,
  listed,
}: {
  readonly walked: number;
  readonly listed: number;
} = usual): ListBudget => ({
  patterns: globBudget(),
  walked: namesBudget(walked, 'look at'),
  listed: namesBudget(listed, 'tell'),
});

const namesBudget = (names: number, verb: string): StepBudget =>
  new StepBudget(names, () => {
    const problem = `lists that are asked for together may ${verb} ${names} names: ask for one after the other`;
    return new PipelineError('files/too-large', problem);
  });

import * as gcp from '@pulumi/gcp';
import { accounts, type Component } from '../components.ts';
import { type Context, inGroup } from './context.ts';

export type Accounts = Readonly<Record<Component, gcp.serviceaccount.Account>>;

/** One account for each component, without a key: keys are made by nobody. */
export function createAccounts(context: Context): Accounts {
  const group = inGroup('identities', context);
  const made = Object.entries(accounts).map(([component, accountId]) => [
    component,
    new gcp.serviceaccount.Account(accountId, { accountId, displayName: `sandbus: ${component}` }, group),
  ]);
  return Object.fromEntries(made) as Record<Component, gcp.serviceaccount.Account>;
}

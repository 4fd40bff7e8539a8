import * as gcp from '@pulumi/gcp';
import { type Context, inGroup } from './context.ts';

/** Tells of money spent; it stops nothing. */
export function createBudget(channel: gcp.monitoring.NotificationChannel | null, context: Context): void {
  const { budget, projectNumber } = context.deployment;
  if (budget === null) return;
  new gcp.billing.Budget(
    'sandbus',
    {
      billingAccount: budget.billingAccount,
      displayName: 'sandbus',
      budgetFilter: { projects: [`projects/${projectNumber}`], calendarPeriod: 'MONTH' },
      amount: { specifiedAmount: { currencyCode: budget.currency, units: String(budget.monthlyUnits) } },
      thresholdRules: [
        { thresholdPercent: 0.5 },
        { thresholdPercent: 0.9 },
        { thresholdPercent: 1, spendBasis: 'FORECASTED_SPEND' },
        { thresholdPercent: 1 },
      ],
      ...(channel !== null && { allUpdatesRule: { monitoringNotificationChannels: [channel.id] } }),
    },
    inGroup('budget', context),
  );
}

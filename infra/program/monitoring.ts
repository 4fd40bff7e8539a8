import * as gcp from '@pulumi/gcp';
import { type AlertSpec, alerts, logMetrics } from '../alerts.ts';
import { type Context, inGroup } from './context.ts';
import { dashboardOf } from './dashboard.ts';

const runbook = 'docs/runbook.md';
const strategy = { autoClose: '3600s' };

/** Metrics made of log lines, an alert for each row of the table, and the dashboard. */
export function createMonitoring(context: Context): gcp.monitoring.NotificationChannel | null {
  const group = inGroup('monitoring', context);
  const { alertEmail, region } = context.deployment;
  const metrics = Object.values(logMetrics).map(
    ({ name, filter, means }) =>
      new gcp.logging.Metric(
        name,
        { name, filter, description: means, metricDescriptor: { metricKind: 'DELTA', valueType: 'INT64', unit: '1' } },
        group,
      ),
  );
  const channel =
    alertEmail === null
      ? null
      : new gcp.monitoring.NotificationChannel(
          'sandbus-email',
          { displayName: 'sandbus', type: 'email', labels: { email_address: alertEmail } },
          group,
        );
  const channels = channel === null ? [] : [channel.id];
  // A policy about a metric is refused until the metric is there.
  const options = { ...group, dependsOn: [...context.after, ...metrics] };
  for (const alert of alerts) new gcp.monitoring.AlertPolicy(alert.name, policyOf(alert, channels), options);
  new gcp.monitoring.Dashboard('sandbus', { dashboardJson: JSON.stringify(dashboardOf(region)) }, options);
  return channel;
}

const policyOf = (
  alert: AlertSpec,
  notificationChannels: gcp.monitoring.AlertPolicyArgs['notificationChannels'] & object,
): gcp.monitoring.AlertPolicyArgs => ({
  displayName: `sandbus: ${alert.title}`,
  combiner: 'OR',
  severity: alert.severity,
  notificationChannels,
  alertStrategy: strategy,
  documentation: { mimeType: 'text/markdown', content: `${alert.means}. ${runbook}#${alert.runbook}` },
  conditions: [
    {
      displayName: alert.title,
      conditionThreshold: {
        filter: alert.filter,
        comparison: 'COMPARISON_GT',
        thresholdValue: alert.threshold,
        duration: `${alert.forSeconds}s`,
        aggregations: [{ alignmentPeriod: '60s', perSeriesAligner: alert.aligner, crossSeriesReducer: 'REDUCE_SUM' }],
        evaluationMissingData: 'EVALUATION_MISSING_DATA_INACTIVE',
      },
    },
  ],
});

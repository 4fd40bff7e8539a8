import { accounts, serviceComponents } from '../components.ts';
import { subscriptions } from '../topology.ts';

interface Chart {
  readonly title: string;
  readonly filter: string;
  readonly aligner: 'ALIGN_RATE' | 'ALIGN_MAX' | 'ALIGN_DELTA';
  readonly groupBy: string;
}

const names = (all: readonly string[]) => all.map((name) => `"${name}"`).join(', ');
const ours = `resource.labels.subscription_id=one_of(${names(Object.values(subscriptions).map(({ name }) => name))})`;
const services = `resource.labels.service_name=one_of(${names(serviceComponents.map((component) => accounts[component]))})`;
const jobs = 'resource.labels.job_name=monitoring.regex.full_match("sandbus-.*")';
const subscription = 'resource.type="pubsub_subscription"';

/** What an operator looks at first, from the left to the right along the path of a command. */
const charts: readonly Chart[] = [
  {
    title: 'Messages that wait',
    filter: `metric.type="pubsub.googleapis.com/subscription/num_undelivered_messages" ${subscription} ${ours}`,
    aligner: 'ALIGN_MAX',
    groupBy: 'resource.label.subscription_id',
  },
  {
    title: 'Age of the oldest message, in seconds',
    filter: `metric.type="pubsub.googleapis.com/subscription/oldest_unacked_message_age" ${subscription} ${ours}`,
    aligner: 'ALIGN_MAX',
    groupBy: 'resource.label.subscription_id',
  },
  {
    title: 'Messages that were given up',
    filter: `metric.type="pubsub.googleapis.com/subscription/dead_letter_message_count" ${subscription} ${ours}`,
    aligner: 'ALIGN_DELTA',
    groupBy: 'resource.label.subscription_id',
  },
  {
    title: 'Executions that run',
    filter: `metric.type="run.googleapis.com/job/running_executions" resource.type="cloud_run_job" ${jobs}`,
    aligner: 'ALIGN_MAX',
    groupBy: 'resource.label.job_name',
  },
  {
    title: 'Executions that ended, by result',
    filter: `metric.type="run.googleapis.com/job/completed_execution_count" resource.type="cloud_run_job" ${jobs}`,
    aligner: 'ALIGN_RATE',
    groupBy: 'metric.label.result',
  },
  {
    title: 'Requests to services, by status',
    filter: `metric.type="run.googleapis.com/request_count" resource.type="cloud_run_revision" ${services}`,
    aligner: 'ALIGN_RATE',
    groupBy: 'metric.label.response_code_class',
  },
  {
    title: 'Instances of services',
    filter: `metric.type="run.googleapis.com/container/instance_count" resource.type="cloud_run_revision" ${services}`,
    aligner: 'ALIGN_MAX',
    groupBy: 'resource.label.service_name',
  },
  {
    title: 'Errors that services log',
    filter: 'metric.type="logging.googleapis.com/user/sandbus-service-errors" resource.type="cloud_run_revision"',
    aligner: 'ALIGN_DELTA',
    groupBy: 'resource.label.service_name',
  },
];

const width = 6;
const height = 4;

export const dashboardOf = (region: string) => ({
  displayName: `sandbus in ${region}`,
  mosaicLayout: {
    columns: 12,
    tiles: charts.map(({ title, filter, aligner, groupBy }, index) => ({
      width,
      height,
      xPos: (index % 2) * width,
      yPos: Math.floor(index / 2) * height,
      widget: {
        title,
        xyChart: {
          dataSets: [
            {
              plotType: 'LINE',
              timeSeriesQuery: {
                timeSeriesFilter: {
                  filter,
                  aggregation: {
                    alignmentPeriod: '60s',
                    perSeriesAligner: aligner,
                    crossSeriesReducer: 'REDUCE_SUM',
                    groupByFields: [groupBy],
                  },
                },
              },
            },
          ],
        },
      },
    })),
  },
});

import type { JobChoice } from '../execution/choose-job.ts';
import type { EnvReader } from './env-reader.ts';
import { jobNameForm } from './forms.ts';

export interface Jobs {
  /** For whatever none of the others is made for. */
  readonly job: string;
  readonly jobs: readonly JobChoice[];
}

const entry = /^(projects\/[^/,]+\/locations\/[^/,]+\/jobs\/[^/,:]+):(none|internet):(\d{1,6})$/;
const listForm = {
  pattern: new RegExp(`^${entry.source.slice(1, -1)}(?:,${entry.source.slice(1, -1)})*$`),
  accepted: 'projects/P/locations/R/jobs/J:NETWORK:MEMORY_MB, separated by commas; a network is none or internet',
};

/** Reads the variable of the one job and that of the list. */
export function readJobs(reader: EnvReader, names: { readonly job: string; readonly jobs: string }): Jobs {
  const job = reader.text(names.job, jobNameForm);
  const list = reader.optionalText(names.jobs);
  if (list === undefined) return { job, jobs: [] };
  const jobs = reader
    .text(names.jobs, listForm)
    .split(',')
    .flatMap((text): JobChoice[] => {
      const [, name = '', network, memoryMb] = entry.exec(text) ?? [];
      return network === 'none' || network === 'internet' ? [{ job: name, network, memoryMb: Number(memoryMb) }] : [];
    });
  return { job, jobs };
}

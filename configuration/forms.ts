/** Forms of variables that several services read. */
export const jobNameForm = {
  pattern: /^projects\/[^/]+\/locations\/[^/]+\/jobs\/[^/]+$/,
  accepted: 'projects/P/locations/R/jobs/J',
};

export const secretForm = { pattern: /^.{32,}$/, accepted: 'a secret of at least 32 characters' };

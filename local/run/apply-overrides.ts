import { checkEnv, checkEnvCount } from './check-env.ts';
import { checkArgs, checkTaskCount, checkTimeout } from './parse-job.ts';
import { invalidArgument } from './refusals.ts';
import type { Container, ContainerOverride, EnvVar, ExecutionTemplate, Overrides } from './wire-messages.ts';

/** The template of one execution: `args` replaces, `env` is merged by name, `clearArgs` empties. */
export function applyOverrides(template: ExecutionTemplate, overrides: Overrides | null): ExecutionTemplate {
  if (overrides === null || template.template === null) return template;
  const { containerOverrides, taskCount, timeout } = overrides;
  checkEachOnce(containerOverrides);
  const containers = containerOverrides.reduce<readonly Container[]>(
    (containers, override, index) => overrideContainer(containers, override, index),
    template.template.containers,
  );
  return {
    ...template,
    taskCount: taskCount === 0 ? template.taskCount : checkTaskCount('overrides.task_count', taskCount),
    template: {
      ...template.template,
      containers,
      timeout: timeout === null ? template.template.timeout : checkTimeout('overrides.timeout', timeout),
    },
  };
}

function checkEachOnce(containerOverrides: readonly ContainerOverride[]): void {
  const names = containerOverrides.map(({ name }) => name);
  const again = names.findIndex((name, index) => names.indexOf(name) < index);
  if (again === -1) return;
  const which = names[again] === '' ? 'the only container' : `'${names[again]}'`;
  throw invalidArgument(`overrides.container_overrides[${again}].name`, `${which} is overridden already`);
}

/** An override without a name means the only container. */
function overrideContainer(
  containers: readonly Container[],
  override: ContainerOverride,
  index: number,
): readonly Container[] {
  const field = `overrides.container_overrides[${index}]`;
  const known = containers.map(({ name }) => name);
  if (override.name !== '' && !known.includes(override.name)) {
    throw invalidArgument(`${field}.name`, `'${override.name}' is not a container of this job (${known.join(', ')})`);
  }
  checkArgs(`${field}.args`, override.args);
  checkEnv(`${field}.env`, override.env);
  return containers.map((container) => {
    if (override.name !== '' && container.name !== override.name) return container;
    const env = mergeEnv(container.env, override.env);
    checkEnvCount(`${field}.env, merged into that of the job`, env.length);
    return { ...container, args: overriddenArgs(container, override), env };
  });
}

function overriddenArgs(container: Container, override: ContainerOverride): readonly string[] {
  if (override.args.length > 0) return override.args;
  return override.clearArgs ? [] : container.args;
}

function mergeEnv(env: readonly EnvVar[], override: readonly EnvVar[]): readonly EnvVar[] {
  return [...new Map([...env, ...override].map((variable) => [variable.name, variable])).values()];
}

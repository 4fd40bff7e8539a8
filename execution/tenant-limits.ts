import type { TenantDocument } from '../schemas/generated/messages.ts';
import type { LoadLimits } from './choose-turns.ts';

/** All limits of one tenant. */
export interface TenantLimits extends LoadLimits {
  readonly weight: number;
  /** How many executions of the tenant may wait. */
  readonly maxQueued: number;
}

/** What a deployment allows; told in `deployment/limits` by its dispatchers. */
export interface DeploymentLimits {
  /** Of all tenants together. */
  readonly total: LoadLimits;
  /** Of a tenant whose document does not say otherwise. */
  readonly tenant: TenantLimits;
}

/** The limits that hold for a tenant: what its document says, else the defaults of the deployment. */
export const tenantLimitsOf = (
  { tenant }: DeploymentLimits,
  { ceilings: _ofItsExecutions, network: _ofItsRequests, ...document }: TenantDocument,
): TenantLimits => ({ ...tenant, ...document });

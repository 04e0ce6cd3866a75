import type { NetworkAnalyticsResource } from './fields';
import { flow } from './flow';
import { host } from './host';
import { hostGroup } from './hostGroup';
import { securityEvent } from './securityEvent';
import { tenant } from './tenant';

export const resources: NetworkAnalyticsResource[] = [flow, host, hostGroup, securityEvent, tenant];

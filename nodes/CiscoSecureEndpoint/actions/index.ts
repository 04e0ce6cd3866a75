import { computer } from './computer';
import { event } from './event';
import { eventStream } from './eventStream';
import type { SecureEndpointResource, V3Resource } from './fields';
import { fileList } from './fileList';
import { group } from './group';
import { isolation } from './isolation';
import { organization } from './organization';
import { policy } from './policy';
import { vulnerability } from './vulnerability';

/** Version 1 of the API. */
export const resources: SecureEndpointResource[] = [
	computer,
	event,
	eventStream,
	fileList,
	group,
	isolation,
	policy,
	vulnerability,
];

/** Version 3 of the API. */
export const v3Resources: V3Resource[] = [organization];

/** By name, for the list of resources. */
export const allResources: SecureEndpointResource[] = [...resources, ...v3Resources].sort((a, b) =>
	a.option.name.localeCompare(b.option.name),
);

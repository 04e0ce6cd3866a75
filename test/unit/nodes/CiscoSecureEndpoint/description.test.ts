import { CiscoSecureEndpoint } from '../../../../nodes/CiscoSecureEndpoint/CiscoSecureEndpoint.node';
import { resources } from '../../../../nodes/CiscoSecureEndpoint/actions';

const { properties } = new CiscoSecureEndpoint().description;

it('shows every parameter for one operation only', () => {
	for (const { name, displayOptions } of properties.filter(({ name }) => name !== 'resource')) {
		expect({ name, resource: displayOptions?.show?.resource }).toMatchObject({
			resource: [expect.any(String)],
		});
	}
});

it.each(
	resources.flatMap(({ option, operations }) =>
		operations.map((operation) => [option.value, operation] as const),
	),
)('%s: its operation is complete', (resource, { option }) => {
	expect(option.action).toBeTruthy();
	const shown = properties.filter(
		({ displayOptions }) =>
			displayOptions?.show?.resource?.includes(resource) &&
			displayOptions.show.operation?.includes(option.value),
	);
	const names = shown.map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
});

it('has a default operation for every resource that is one of its operations', () => {
	for (const { operations, defaultOperation } of resources) {
		expect(operations.map(({ option }) => option.value)).toContain(defaultOperation);
	}
});

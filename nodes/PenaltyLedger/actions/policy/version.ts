import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

export const versionField: INodeProperties = {
	displayName: 'Version',
	name: 'version',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: 'Version of the policy, or 0 for the active one',
};

/** The chosen version; undefined for the active one. */
export function chosenVersion(context: IExecuteFunctions, itemIndex: number): number | undefined {
	return (context.getNodeParameter('version', itemIndex) as number) || undefined;
}

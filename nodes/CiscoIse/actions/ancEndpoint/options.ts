import type { INodeProperties } from 'n8n-workflow';
import { containThroughOption } from '../../anc/through';
import { sessionSourceOption } from '../../sessions/source';

/** Options that Apply and Clear share, by name. */
export const batchOptions: readonly INodeProperties[] = [
	{
		displayName: 'Allow Empty',
		name: 'allowEmpty',
		type: 'boolean',
		default: false,
		description: 'Whether an item without any address is fine and gives an item without endpoints',
	},
	containThroughOption,
	{
		displayName: 'Fail On Partial',
		name: 'failOnPartial',
		type: 'boolean',
		default: true,
		description: 'Whether the item fails when any of its endpoints failed. The others are tried first.',
	},
	sessionSourceOption,
	{
		displayName: 'Verify',
		name: 'verify',
		type: 'boolean',
		default: true,
		description: 'Whether to read the bindings back from Cisco ISE afterwards, once for all items',
	},
];

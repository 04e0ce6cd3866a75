import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterError } from '../../shared/errors';

/** A room, from a list or by ID. */
export function roomField(name = 'roomId'): INodeProperties {
	return {
		displayName: 'Room',
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: 'The room (space). The list holds the rooms that the bot is a member of.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchRooms', searchable: true },
			},
			{ displayName: 'ID', name: 'id', type: 'string', placeholder: 'e.g. Y2lzY29zcGFyazovL3VzL1JPT00v…' },
		],
	};
}

/** @throws NodeOperationError when no room is chosen. */
export function readRoom(context: IExecuteFunctions, itemIndex: number): string {
	const roomId = context.getNodeParameter('roomId', itemIndex, '', { extractValue: true }) as string;
	if (roomId) return roomId;
	throw parameterError(context.getNode(), 'No room is chosen', itemIndex, 'Choose a room, or give its ID.');
}

export function idField(displayName: string, name: string): INodeProperties {
	return { displayName, name, type: 'string', default: '', required: true };
}

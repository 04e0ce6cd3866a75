import type { INodeProperties } from 'n8n-workflow';

/** What a room may have besides its title. */
export const optionalFields: readonly INodeProperties[] = [
	{ displayName: 'Description', name: 'description', type: 'string', default: '' },
	{
		displayName: 'Is Announcement Only',
		name: 'isAnnouncementOnly',
		type: 'boolean',
		default: false,
		description: 'Whether only moderators can send messages',
	},
	{
		displayName: 'Is Locked',
		name: 'isLocked',
		type: 'boolean',
		default: false,
		description: 'Whether only moderators can add people',
	},
];

import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../types';
import * as adopt from './adopt';
import * as getMany from './getMany';
import * as noteReferences from './noteReferences';
import * as protect from './protect';
import * as reconcile from './reconcile';
import * as releaseDue from './releaseDue';

export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['episode'] } },
	options: [
		{
			name: 'Adopt',
			value: 'adopt',
			action: 'Adopt an ANC binding as an episode',
			description: 'Make an ANC policy that somebody applied in Cisco ISE an episode of the ledger',
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many episodes',
			description: 'List episodes, open ones first',
		},
		{
			name: 'Note References',
			value: 'noteReferences',
			action: 'Note references of an episode',
			description: 'Keep the ID of a message or ticket with an episode',
		},
		{
			name: 'Protect',
			value: 'protect',
			action: 'Protect the host of an episode',
			description: 'Protect the host of an open episode from now on, and release it',
		},
		{
			name: 'Reconcile with ISE',
			value: 'reconcile',
			action: 'Reconcile episodes with the bindings of ISE',
			description: "Compare Cisco ISE's ANC bindings with the open episodes; nothing is cleared in ISE",
		},
		{
			name: 'Release Due',
			value: 'releaseDue',
			action: 'Release due episodes',
			description: 'Open the release of every host whose time is up',
		},
	],
	default: 'getMany',
};

export const operations: Resource['operations'] = { adopt, getMany, noteReferences, protect, reconcile, releaseDue };

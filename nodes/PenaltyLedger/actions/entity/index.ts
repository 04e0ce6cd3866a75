import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../types';
import * as contain from './contain';
import * as get from './get';
import * as getMany from './getMany';
import * as getProtected from './getProtected';
import * as noteContext from './noteContext';
import * as protect from './protect';
import * as purge from './purge';
import * as release from './release';
import * as unprotect from './unprotect';

export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['entity'] } },
	options: [
		{
			name: 'Contain Manually',
			value: 'contain',
			action: 'Contain an entity manually',
			description: 'Open a containment of a host in the name of a person',
		},
		{
			name: 'Get',
			value: 'get',
			action: 'Get an entity',
			description: 'Get score, episodes and every detection that added to the score',
		},
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many entities',
			description: 'List entities, highest score first',
		},
		{
			name: 'Get Protected',
			value: 'getProtected',
			action: 'Get protected entities',
			description: 'List what is never contained automatically',
		},
		{
			name: 'Note Context',
			value: 'noteContext',
			action: 'Note context of an entity',
			description: 'Keep what the products say of an entity now, for people who look at it',
		},
		{
			name: 'Protect',
			value: 'protect',
			action: 'Protect entities',
			description: 'Never contain these automatically',
		},
		{
			name: 'Purge',
			value: 'purge',
			action: 'Purge an entity',
			description: 'Forget the score of an entity. Its detections stay as evidence.',
		},
		{
			name: 'Release',
			value: 'release',
			action: 'Release an entity',
			description: 'Open the release of a contained host in the name of a person',
		},
		{
			name: 'Unprotect',
			value: 'unprotect',
			action: 'Unprotect entities',
			description: 'Allow automatic containment again',
		},
	],
	default: 'getMany',
};

export const operations: Resource['operations'] = {
	contain,
	get,
	getMany,
	getProtected,
	noteContext,
	protect,
	purge,
	release,
	unprotect,
};

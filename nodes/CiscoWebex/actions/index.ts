import type { ResourceDefinition } from '../../shared/operations';
import type { WebexClient } from '../transport/client';
import { attachmentAction } from './attachmentAction';
import { card } from './card';
import { membership } from './membership';
import { message } from './message';
import { person } from './person';
import { room } from './room';
import { webhook } from './webhook';

export const resources: ResourceDefinition<WebexClient>[] = [
	attachmentAction,
	card,
	membership,
	message,
	person,
	room,
	webhook,
];

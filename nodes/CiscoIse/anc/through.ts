import type { INodeProperties } from 'n8n-workflow';
import type { ApiContext } from '../../shared/http';
import { missingIse, missingPxGrid } from '../sessions/source';
import { Alternatives, type Alternative } from '../transport/alternatives';
import type { ContainmentClient } from '../transport/client';
import { ersAnc } from './ersAnc';
import { pxGridAnc } from './pxGridAnc';
import { firstAnsweringAnc, type AncService } from './service';

/** Which interface of ISE carries out Adaptive Network Control. */
export type ContainThrough = 'auto' | 'ers' | 'pxGrid' | 'pxGridThenErs';

/** An entry for the options of operations on ANC endpoints. */
export const containThroughOption: INodeProperties = {
	displayName: 'Contain Through',
	name: 'containThrough',
	type: 'options',
	options: [
		{
			name: 'Automatic',
			value: 'auto',
			description: 'ERS, then pxGrid, as far as the node has credentials for them',
		},
		{ name: 'ERS', value: 'ers', description: 'ERS only' },
		{ name: 'pxGrid', value: 'pxGrid', description: 'PxGrid only' },
		{ name: 'pxGrid, Then ERS', value: 'pxGridThenErs', description: 'PxGrid, and ERS when pxGrid fails' },
	],
	default: 'auto',
	description: 'Interface of Cisco ISE that reads and changes the bindings of endpoints',
};

/**
 * The service for each choice; all uses of one choice share what they learnt.
 *
 * @param ofAll every MAC address that the execution is about
 */
export function ancServices(
	context: ApiContext,
	client: ContainmentClient,
	ofAll: () => readonly string[],
): (through: ContainThrough) => AncService {
	const ers = client.ers && ersAnc(context, client.ers, ofAll);
	const pxGrid = client.pxGrid && pxGridAnc(client.pxGrid);
	const services = new Map<ContainThrough, AncService>();
	return (through) => {
		const known = services.get(through);
		if (known) return known;
		const order = interfacesInOrder(context, through, { ers, pxGrid });
		const service = firstAnsweringAnc(new Alternatives(context, order));
		services.set(through, service);
		return service;
	};
}

/**
 * What stands for ERS and for pxGrid, in the order of a choice.
 *
 * @throws NodeOperationError when the choice names an interface that the node has no account for
 */
export function interfacesInOrder<T>(
	context: ApiContext,
	through: ContainThrough,
	{ ers, pxGrid }: { ers?: T; pxGrid?: T },
): Alternative<T>[] {
	if (!pxGrid && ['pxGrid', 'pxGridThenErs'].includes(through)) throw missingPxGrid(context);
	if (!ers && ['ers', 'pxGridThenErs'].includes(through)) throw missingIse(context);
	const byErs = through !== 'pxGrid' && ers ? [{ name: 'ERS', by: ers }] : [];
	const byPxGrid = through !== 'ers' && pxGrid ? [{ name: 'pxGrid', by: pxGrid }] : [];
	return through === 'pxGridThenErs' ? [...byPxGrid, ...byErs] : [...byErs, ...byPxGrid];
}

import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { listOf } from '../../records';
import { type InvestigateAccount, lookUp } from '../../transport/investigate';
import { enteredIp } from './fields';
import { recordsOf } from './getPassiveDns';

/** Who announces an address and which names point to it: `{ip, found, autonomousSystems, records}`. */
export async function execute(
	this: IExecuteFunctions,
	client: InvestigateAccount,
	itemIndex: number,
): Promise<IDataObject> {
	const ip = enteredIp(this, itemIndex);
	const encoded = encodeURIComponent(ip);
	const routes = await lookUp<unknown>(
		this,
		client.investigate,
		`/bgp_routes/ip/${encoded}/as_for_ip.json`,
		itemIndex,
	);
	const names = await lookUp<unknown>(this, client.investigate, `/pdns/ip/${encoded}`, itemIndex);
	const autonomousSystems = listOf(routes) as IDataObject[];
	const records = recordsOf(names);
	return { ip, found: autonomousSystems.length + records.length > 0, autonomousSystems, records };
}

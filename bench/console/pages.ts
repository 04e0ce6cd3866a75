import { openLedger } from '../../ledger';
import { entityName } from '../../ledger/entity';
import { addressOf } from '../../nodes/RtcConsole/http/address';
import { targetOf } from '../ledger/workload';
import { HOSTS, NOISY_HOST } from './fill';

/** A page as it is measured: what people call it, and its address below the console's. */
export interface MeasuredPage {
	name: string;
	address: string;
}

/** Every page of the console, those with lists also far behind, filtered and in other orders. */
export async function measuredPages(ledgerFile: string): Promise<MeasuredPage[]> {
	const { mac, user, hostname } = targetOf(NOISY_HOST) as Required<ReturnType<typeof targetOf>>;
	const { record, intent } = await something(ledgerFile);
	const page = (name: string, path: string, segments: string[] = [], query: Record<string, string> = {}) => ({ name, address: addressOf(path, segments, query) });
	return [
		page('Hosts', 'hosts'),
		page('Hosts, last page', 'hosts', [], { p: String(HOSTS / 50) }),
		page('Hosts, last seen first', 'hosts', [], { sort: 'lastSeen' }),
		page('Hosts by address', 'hosts', [], { sort: 'key' }),
		page('Hosts with a part of an address', 'hosts', [], { q: '1B:54:00:2' }),
		page('Hosts, orange', 'hosts', [], { band: 'orange' }),
		page('Hosts awaiting approval', 'hosts', [], { state: 'awaitingApproval' }),
		page('Users', 'users'),
		page('Users whose name has "9"', 'users', [], { q: '9' }),
		page('IPs', 'ips'),
		page('Hostnames', 'hostnames'),
		page('Entity, the noisiest host', 'entity', ['mac', mac]),
		page('Entity, a user', 'entity', ['user', user]),
		page('Entity, detections far back', 'entity', ['hostname', hostname], { p: '8' }),
		page('Approvals', 'approvals'),
		page('Intents', 'intents'),
		page('Intents awaiting approval', 'intents', [], { state: 'awaitingApproval', kind: intent }),
		page('Policy', 'policy'),
		page('Policy history', 'policy', ['versions']),
		page('Policy version', 'policy', ['versions', '2']),
		page('Protected', 'protected'),
		page('Audit', 'audit'),
		page('Audit of an action', 'audit', [], { action: 'scored' }),
		page('Audit of an entity', 'audit', [], { subject: entityName({ kind: 'hostname', key: 'pc-100' }) }),
		page('Audit of an actor', 'audit', [], { actor: 'nobody' }),
		page('Audit record', 'audit', [record]),
		page('Health', 'health'),
		page('Reports, 24 hours', 'reports', [], { hours: '24' }),
		page('Search', 'search'),
		page('Search for a host', 'search', [], { q: 'pc-1234' }),
		page('Search for a hash', 'search', [], { q: 'known-77' }),
		page('Search for what everybody has', 'search', [], { q: 'setup.exe' }),
	];
}

async function something(ledgerFile: string): Promise<{ record: string; intent: string }> {
	const ledger = await openLedger({ file: ledgerFile });
	const { items: [record] } = await ledger.getAudit({ action: 'crossing', limit: 1 });
	const { items: [intent] } = await ledger.getIntents({ limit: 1 });
	await ledger.close();
	return { record: String(record?.seq ?? 1), intent: intent?.kind ?? 'contain' };
}

import type { IDataObject } from 'n8n-workflow';
import type { ApiContext } from '../../shared/http';
import { usableMac } from '../../shared/identity';
import { mapConcurrently } from '../concurrency';
import { ersList, pathSegment, type ErsNodes, type ErsResource } from '../transport/ers';

export const ANC_ENDPOINT_PATH = '/ers/config/ancendpoint';

const CONCURRENT_READS = 8;

/** An endpoint and the ANC policy it is bound to. */
export interface Binding extends IDataObject {
	id: string;
	macAddress: string;
	policyName: string;
}

/** Reads the endpoints behind list rows. A row whose binding was cleared meanwhile is left out. */
export async function resolveBindings(
	context: ApiContext,
	ers: ErsNodes,
	rows: ErsResource[],
	itemIndex?: number,
): Promise<Binding[]> {
	const read = async ({ id }: ErsResource) => await readBinding(context, ers, id, itemIndex);
	const bindings = await mapConcurrently(rows, CONCURRENT_READS, read);
	return bindings.filter((binding) => binding !== undefined);
}

/** All endpoints with a policy, by MAC address. ERS lists only ids, so this costs one call for each. */
export async function readAllBindings(
	context: ApiContext,
	ers: ErsNodes,
	itemIndex?: number,
): Promise<Map<string, Binding>> {
	const rows = await ersList(context, ers, ANC_ENDPOINT_PATH, { itemIndex });
	const bindings = await resolveBindings(context, ers, rows, itemIndex);
	return new Map(bindings.map((binding) => [binding.macAddress, binding]));
}

/** Which policy an endpoint is bound to, read from ISE once (again after it failed), plus what was changed since. */
export class KnownBindings {
	private loaded?: Promise<Map<string, Binding>>;

	private readonly changed = new Map<string, string | undefined>();

	constructor(private readonly load: () => Promise<Map<string, Binding>>) {}

	async policyOf(mac: string): Promise<string | undefined> {
		if (this.changed.has(mac)) return this.changed.get(mac);
		return (await (this.loaded ?? this.loadAll())).get(mac)?.policyName;
	}

	note(mac: string, policyName: string | undefined): void {
		this.changed.set(mac, policyName);
	}

	private async loadAll(): Promise<Map<string, Binding>> {
		const fresh = this.load();
		this.loaded = fresh;
		fresh.catch(() => {
			if (this.loaded === fresh) this.loaded = undefined;
		});
		return await fresh;
	}
}

async function readBinding(
	context: ApiContext,
	ers: ErsNodes,
	id: string,
	itemIndex?: number,
): Promise<Binding | undefined> {
	const path = `${ANC_ENDPOINT_PATH}/${pathSegment(id)}`;
	const response = await ers.getJson<{ ErsAncEndpoint?: IDataObject }>(context, {
		path,
		accept: [404],
		itemIndex,
	});
	const { macAddress, policyName } = response?.ErsAncEndpoint ?? {};
	if (!macAddress) return undefined;
	const mac = usableMac(String(macAddress)) ?? String(macAddress);
	return { id, macAddress: mac, policyName: String(policyName ?? '') };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeAnswer, SentRequest } from '../support/fakeContext';

const FIXTURES = join(__dirname, '../../../fixtures/ise');

export const fixture = (name: string): string => readFileSync(join(FIXTURES, name), 'utf8');
export const jsonFixture = (name: string): unknown => JSON.parse(fixture(name));

export const credentials = {
	ciscoRtcIseApi: {
		primaryUrl: 'https://ise.example.com:9060/',
		username: 'rtc',
		password: 'secret',
	},
};

export const ersErrorOf = (title: string, code: string) => ({
	ERSResponse: { operation: 'PUT', messages: [{ title, type: 'ERROR', code }] },
});
export const ersError = (title: string) => ersErrorOf(title, 'CRUD operation exception');

/** Bindings and sessions of a pretended ISE, with the refusals that ERS is known for. */
export class FakeIse {
	/** MAC address → policy name. */
	readonly bindings = new Map<string, string>();

	readonly policies = new Set(['Quarantine', 'Shutdown']);

	/** Path below `/admin/API/mnt/Session/` → document. */
	readonly sessions = new Map<string, string>();

	/** What becomes of the filter by name: it may find nothing, or only what meets every filter whatever `filterType` says. */
	nameFilter: 'works' | 'refused' | 'blind' | 'every' = 'works';

	/** Calls in progress per MAC address, and the most there were. */
	private readonly inFlight = new Map<string, number>();

	maxInFlightPerMac = 0;

	maxInFlight = 0;

	readonly handle = async (request: SentRequest): Promise<FakeAnswer> => {
		const { pathname } = request.url;
		if (pathname.startsWith('/admin/API/mnt/Session/')) return this.session(pathname);
		if (
			request.headers.accept !== 'application/json' ||
			request.headers['content-type'] !== 'application/json'
		) {
			return { status: 415 };
		}
		if (pathname === '/ers/config/ancendpoint/apply')
			return await this.change(request, (mac, policy) => this.apply(mac, policy));
		if (pathname === '/ers/config/ancendpoint/clear')
			return await this.change(request, (mac) => this.clear(mac));
		if (pathname === '/ers/config/ancendpoint') return this.list(request);
		const id = /^\/ers\/config\/ancendpoint\/id-(.+)$/.exec(pathname)?.[1];
		const policyName = id && this.bindings.get(id);
		if (!policyName) return { status: 404, body: ersError('Resource not found') };
		return { body: { ErsAncEndpoint: { id: `id-${id}`, macAddress: id, policyName } } };
	};

	private session(pathname: string): FakeAnswer {
		const document = this.sessions.get(pathname.slice('/admin/API/mnt/Session/'.length));
		return document ? { body: document } : { status: 500, body: fixture('mnt-no-session.xml') };
	}

	private list({ url }: SentRequest): FakeAnswer {
		const [size, page] = [Number(url.searchParams.get('size')), Number(url.searchParams.get('page'))];
		const filters = url.searchParams.getAll('filter').map((filter) => filter.replace('name.CONTAINS.', ''));
		if (filters.length > 0 && this.nameFilter === 'refused')
			return { status: 400, body: ersError('Filter is not supported') };
		const isWanted = {
			refused: () => false,
			works: (mac: string) => filters.includes(mac),
			every: (mac: string) => filters.every((filter) => filter === mac),
			blind: () => false,
		}[this.nameFilter];
		const macs = [...this.bindings.keys()].filter((mac) => filters.length === 0 || isWanted(mac));
		const all = macs.map((mac) => ({ id: `id-${mac}` }));
		const resources = all.slice((page - 1) * size, page * size);
		const nextPage = page * size < all.length ? { rel: 'next', href: 'https://internal/next' } : undefined;
		return { body: { SearchResult: { total: all.length, resources, nextPage } } };
	}

	private async change(
		request: SentRequest,
		work: (mac: string, policy: string) => FakeAnswer,
	): Promise<FakeAnswer> {
		const body = request.body as {
			OperationAdditionalData: { additionalData: { name: string; value: string }[] };
		};
		const data = Object.fromEntries(
			body.OperationAdditionalData.additionalData.map(({ name, value }) => [name, value]),
		);
		const mac = data.macAddress;
		this.inFlight.set(mac, (this.inFlight.get(mac) ?? 0) + 1);
		this.maxInFlightPerMac = Math.max(this.maxInFlightPerMac, this.inFlight.get(mac)!);
		this.maxInFlight = Math.max(
			this.maxInFlight,
			[...this.inFlight.values()].reduce((sum, count) => sum + count, 0),
		);
		await new Promise((resolve) => setTimeout(resolve, 2));
		const answer = work(mac, data.policyName);
		this.inFlight.set(mac, this.inFlight.get(mac)! - 1);
		return answer;
	}

	private apply(mac: string, policy: string): FakeAnswer {
		if (!this.policies.has(policy)) return { status: 400, body: ersError(`Policy ${policy} does not exist`) };
		if (this.bindings.has(mac))
			return { status: 500, body: ersError('Radius failure: MAC already associated with policy\n') };
		this.bindings.set(mac, policy);
		return { status: 204 };
	}

	private clear(mac: string): FakeAnswer {
		return this.bindings.delete(mac)
			? { status: 204 }
			: { status: 400, body: ersError('MAC is not associated') };
	}
}

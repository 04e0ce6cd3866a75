import type { LabContext, LabRequest, LabResponse, Vendor } from '../../machine/vendor';
import type { Nic, WorldHost } from '../../world/world';
import { basicCredentials } from '../shared/auth';
import { unknownParameters } from '../shared/query';
import { misuse, Refusal } from '../shared/refusal';
import { hashNumber, sha256Of } from '../shared/values';

const NAME = 'cmx';
const HOST = 'cmx.lab.example';
const ACCOUNT = { user: 'cmxapi', password: 'cmx-lab-1' };
const PARAMETERS = [
	'ipAddress',
	'macAddress',
	'ssid',
	'username',
	'manufacturer',
	'associatedOnly',
	'probingOnly',
	'floorRefId',
	'mapHierarchy',
];
const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;
const BUILDINGS = ['Building A', 'Building B'];
const FLOORS = 4;

/**
 * Cisco CMX: active clients of the wireless network, API v3 (`GET /api/location/v3/clients`). Every connected wireless
 * card of the world has a place that depends on its MAC only; who asks for anything else gets 204 without a body, as v2
 * is known to answer for a client that it does not know.
 */
export function createCmx(context: LabContext): Vendor {
	function answer(request: LabRequest): LabResponse {
		const { method, url } = request;
		const credentials = basicCredentials(request);
		if (credentials?.user !== ACCOUNT.user || credentials.password !== ACCOUNT.password) {
			throw new Refusal(
				401,
				'Unauthorized',
				credentials ? 'wrong user or password' : 'no HTTP Basic credentials',
			);
		}
		if (url.pathname !== '/api/location/v3/clients') throw misuse(404, `${url.pathname} is not known`);
		if (method !== 'GET') throw misuse(405, `${method} is not allowed here`);
		const [unknown] = unknownParameters(url.searchParams, PARAMETERS);
		if (unknown !== undefined) throw misuse(400, `Unknown parameter ${unknown}`);
		const found = clients(url.searchParams).map(({ host, nic }) => clientView(host, nic, context.clock.now(NAME)));
		return found.length > 0 ? { status: 200, body: found } : { status: 204 };
	}

	function clients(query: URLSearchParams): { host: WorldHost; nic: Nic }[] {
		const mac = query.get('macAddress');
		if (mac !== null && !MAC.test(mac)) throw misuse(400, 'macAddress must be in colon form');
		return context.world.hosts
			.flatMap((host) => host.nics.map((nic) => ({ host, nic })))
			.filter(({ nic }) => nic.medium === 'wireless' && nic.connected)
			.filter(({ nic }) => mac === null || nic.mac === mac.toUpperCase())
			.filter(({ nic }) => !query.has('ipAddress') || nic.ip === query.get('ipAddress'))
			.filter(({ host }) => !query.has('username') || host.user === query.get('username'));
	}

	return {
		name: NAME,
		hosts: [HOST],
		credentials: () => ({ url: `https://${HOST}`, ...ACCOUNT }),
		state: () => ({
			clients: clients(new URLSearchParams()).map(({ host, nic }) => ({
				hostname: host.hostname,
				mac: nic.mac,
				place: placeOf(nic),
			})),
		}),
		reset: () => undefined,
		handle(request) {
			try {
				return answer(request);
			} catch (error) {
				if (!(error instanceof Refusal)) throw error;
				const { status, detail, violation } = error;
				return {
					status,
					body: { error: detail },
					...(status === 401 && { headers: { 'WWW-Authenticate': 'Basic realm="CMX"' } }),
					...(violation && { violation }),
				};
			}
		},
	};
}

function placeOf({ mac }: Nic): string {
	return [
		'Corp Campus',
		BUILDINGS[hashNumber(`building ${mac}`, BUILDINGS.length)],
		`Level ${1 + hashNumber(`floor ${mac}`, FLOORS)}`,
	].join('>');
}

function clientView({ user }: WorldHost, nic: Nic, now: number) {
	const accessPoint = sha256Of(`access point ${placeOf(nic)}`)
		.slice(0, 12)
		.match(/../g) as string[];
	return {
		notificationType: 'locationupdate',
		subscriptionName: 'CMX_Api_Server_Notification_1',
		entity: 'WIRELESS_CLIENTS',
		eventId: hashNumber(nic.mac, 1_000_000),
		deviceId: nic.mac.toLowerCase(),
		locationMapHierarchy: placeOf(nic),
		locationCoordinate: {
			x: hashNumber(`x ${nic.mac}`, 200),
			y: hashNumber(`y ${nic.mac}`, 100),
			z: 0,
			unit: 'FEET',
		},
		geoCoordinate: { latitude: -999, longitude: -999, unit: 'DEGREES' },
		confidenceFactor: 24,
		apMacAddress: accessPoint.join(':'),
		associated: true,
		username: user ?? '',
		ipAddress: [nic.ip],
		ssid: 'corp',
		band: 'IEEE_802_11_A',
		floorId: hashNumber(`floor id ${placeOf(nic)}`, 1_000_000_000),
		lastSeen: new Date(now - 5_000).toISOString().replace('Z', '+0000'),
		timestamp: now - 5_000,
	};
}

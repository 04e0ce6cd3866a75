import type { ProtectedEntry, Target } from '../../../ledger';
import { ACTOR, detection, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';

const GUID = 'AAAAAAAA-2222-3333-4444-555555555555';
const LAPTOP: Target = { hostname: 'lt1', mac: '00:11:22:33:44:55', user: 'jdoe', connectorGuid: GUID, endpointProfile: 'Windows11-Workstation' };

let test: TestLedger;
beforeEach(async () => {
	test = await newLedger(plainPolicy());
	await seen(LAPTOP);
});
afterEach(async () => await test.close());

async function seen(...targets: Target[]): Promise<void> {
	await test.ledger.score([detection({ penalty: 5, targets })], { actor: ACTOR });
}

const ofHost = async (guid = GUID) => await test.ledger.getConnectorHost({ kind: 'hostname', key: 'lt1' }, guid);

describe('the host of a connector', () => {
	it('is nothing for an entity that the ledger does not know', async () => {
		expect(await test.ledger.getConnectorHost({ kind: 'hostname', key: 'nobody' }, GUID)).toBeUndefined();
	});

	it.each([GUID, GUID.toLowerCase(), ` ${GUID} `])('is the entity’s own, however its GUID is written: %p', async (guid) => {
		expect(await ofHost(guid)).toEqual({ seen: true });
	});

	it('is not that of another host in the same detection', async () => {
		const other = GUID.replace('5555', '6666');
		await seen(LAPTOP, { hostname: 'lt2', connectorGuid: other });
		expect(await ofHost(other)).toEqual({ seen: false });
	});

	it.each<Pick<ProtectedEntry, 'type' | 'value'>>([
		{ type: 'hostname', value: 'lt*' },
		{ type: 'user', value: 'jdoe' },
		{ type: 'mac', value: '00-11-22-33-44-55' },
		{ type: 'oui', value: '00:11:22' },
		{ type: 'endpointProfile', value: 'windows11-workstation' },
	])('is protected by %j', async (entry) => {
		await test.ledger.protect({ ...entry, reason: 'Board' }, PERSON);
		expect(await ofHost()).toMatchObject({ seen: true, protectedBy: { ...entry, reason: 'Board' } });
		expect(await test.ledger.getConnectorHost({ kind: 'user', key: 'jdoe' }, GUID)).toMatchObject({ protectedBy: entry });
	});

	it('is protected by the policy, too', async () => {
		await test.ledger.updatePolicy(plainPolicy({ protected: [{ type: 'hostname', value: 'lt1', reason: 'Board' }] }), PERSON, 'x');
		expect(await ofHost()).toEqual({ seen: true, protectedBy: { type: 'hostname', value: 'lt1', reason: 'Board' } });
	});
});

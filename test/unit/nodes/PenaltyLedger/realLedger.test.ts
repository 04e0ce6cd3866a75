import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeCredentialTestResult,
	INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';
import type { Detection } from '../../../../ledger/detection';
import { PRESETS } from '../../../../ledger/presets';
import { PenaltyLedger } from '../../../../nodes/PenaltyLedger/PenaltyLedger.node';
import { fakeLoadOptions } from '../support/fakeContext';
import { nodeContext } from './nodeContext';
import { detection, hostname, mac } from './samples';

const node = new PenaltyLedger();
let folder: string;
let file: string;

beforeEach(async () => {
	folder = await fs.mkdtemp(path.join(os.tmpdir(), 'penalty-ledger-'));
	file = path.join(folder, 'new', 'ledger.db');
});
afterEach(async () => await fs.rm(folder, { recursive: true, force: true }));

type Helpers = Partial<IExecuteFunctions['helpers']>;

async function execute(
	resource: string,
	operation: string,
	fields: IDataObject = {},
	items: IDataObject[] = [{}],
	{ database = file, helpers = {} as Helpers } = {},
): Promise<INodeExecutionData[][]> {
	const context = nodeContext({
		parameters: { resource, operation, ...fields },
		items: items.map((json) => ({ json })),
		credentials: { ciscoRtcLedgerApi: { store: 'sqlite', file: database, refuseRelativePaths: true } },
	});
	Object.assign(context.helpers, helpers);
	return await node.execute.call(context);
}

/** The `json` of the items of the first output. */
async function ask(resource: string, operation: string, fields: IDataObject = {}): Promise<IDataObject[]> {
	const [items] = await execute(resource, operation, fields);
	return items.map(({ json }) => json);
}

const now = Date.now();

/** Seconds ago, as the ledger writes times. */
function ago(seconds: number): string {
	return new Date(now - seconds * 1000).toISOString();
}

function item(id: string, changes: Partial<Detection> = {}): IDataObject {
	return { ...detection(id, { occurredAt: ago(60), ...changes }) } as unknown as IDataObject;
}

/** Two sources that bring one host over the threshold of the balanced policy. */
function attack(hostMac: string = mac.key, host = hostname.key): IDataObject[] {
	const targets = [{ mac: hostMac, hostname: host }];
	return [
		item(`e-${host}`, { eventType: { id: '1107296272', name: 'Executed malware' }, targets }),
		item(`u-${host}`, {
			id: `umbrella:${host}`,
			source: 'umbrella',
			eventType: { id: 'dns', name: 'DNS request' },
			categories: ['Command and Control'],
			observables: [{ type: 'domain', value: 'evil.example' }],
			occurredAt: ago(50),
			targets,
		}),
	];
}

/** One source that brings a host over the threshold, with the later of two detections. */
function twoThreats(hostMac: string): IDataObject[] {
	return [
		item(`m-${hostMac}`, {
			eventType: { id: '1107296272', name: 'Executed malware' },
			targets: [{ mac: hostMac }],
		}),
		item(`r-${hostMac}`, {
			eventType: { id: '1107296284', name: 'Potential ransomware' },
			occurredAt: ago(30),
			targets: [{ mac: hostMac }],
		}),
	];
}

describe('from poll to containment', () => {
	it('starts the next poll where the last one ended, even without detections', async () => {
		const [first] = await ask('cursor', 'get', { source: 'umbrella', firstLookbackSeconds: 600 });
		expect(Date.parse(String(first.to)) - Date.parse(String(first.from))).toBe(600_000);

		await execute('detection', 'score', { source: 'umbrella', readUntil: first.to as string });
		const [second] = await ask('cursor', 'get', { source: 'umbrella', overlapSeconds: 300 });
		expect(second.position).toBe(first.to);
		expect(Date.parse(String(second.position)) - Date.parse(String(second.from))).toBe(300_000);
	});

	it('gives no item while another poll of the source is under way', async () => {
		const fields = { source: 'umbrella', options: { leaseSeconds: 300 } };
		const [first] = await ask('cursor', 'get', fields);
		expect(await ask('cursor', 'get', fields)).toEqual([]);
		await execute('detection', 'score', { source: 'umbrella', readUntil: first.to as string });
		expect(await ask('cursor', 'get', fields)).toHaveLength(1);
	});

	it('records once what is read twice', async () => {
		const [, , recorded, duplicate] = await execute('detection', 'score', {}, [item('a'), item('b')]);
		expect([recorded.length, duplicate.length]).toEqual([2, 0]);
		const [, , again, known] = await execute('detection', 'score', {}, [item('b'), item('c')]);
		expect(again.map(({ json }) => json.id)).toEqual(['secureEndpoint:c']);
		expect(known.map(({ json }) => json.id)).toEqual(['secureEndpoint:b']);
	});

	it('opens one containment per host, claims it once and completes it with a notice', async () => {
		const [contain] = await execute('detection', 'score', {}, attack());
		expect(contain).toHaveLength(1);
		expect(contain[0].json).toMatchObject({ kind: 'contain', ancPolicy: 'Quarantine' });

		const id = String(contain[0].json.id);
		expect(await ask('intent', 'claim', { ids: id })).toMatchObject([{ id, state: 'claimed' }]);
		expect(await ask('intent', 'claim', { ids: id })).toEqual([]);

		const [completed] = await ask('intent', 'complete', { intentId: id, result: { macs: [] } });
		expect(completed).toMatchObject({
			intent: { id, state: 'done' },
			notice: { kind: 'notify', state: 'pending', notice: { event: 'contained' } },
		});
		const [entity] = await ask('entity', 'get', { ...mac });
		expect(entity).toMatchObject({ state: 'contained', contributions: [{}, {}] });
		expect(await ask('audit', 'verify')).toMatchObject([{ ok: true }]);
	});

	it('asks a person when there is one source only, and contains after approval', async () => {
		const [contain, needsApproval] = await execute('detection', 'score', {}, twoThreats(mac.key));
		expect(contain).toEqual([]);
		expect(needsApproval).toHaveLength(1);
		expect(needsApproval[0]).toMatchObject({
			json: { kind: 'notify', notice: { event: 'approvalRequested', approvalCount: 1 } },
			pairedItem: [{ item: 1 }],
		});
		const [waiting] = await ask('intent', 'getMany', { filters: { state: 'awaitingApproval' } });
		const decision = { intentId: waiting.id as string, approver: 'alice', reason: 'Confirmed by phone' };
		expect(await ask('intent', 'approve', decision)).toMatchObject([{ state: 'pending' }]);
		await expect(ask('intent', 'approve', decision)).rejects.toMatchObject({
			description: expect.stringMatching(/^The ledger refused this/),
		});
	});

	it('tells of a burst of 2,000 hosts in one item', async () => {
		const burst = Array.from({ length: 2000 }, (_, index) =>
			twoThreats(`02:00:00:01:${hex(index >> 8)}:${hex(index & 255)}`),
		);
		const [contain, needsApproval] = await execute('detection', 'score', {}, [{ detections: burst.flat() }]);
		expect(contain).toEqual([]);
		expect(needsApproval).toHaveLength(1);
		expect(needsApproval[0].json.notice).toMatchObject({ approvalCount: 2000 });
	});

	it('records the rest of a batch with a bad item', async () => {
		const failure = (await execute('detection', 'score', {}, [{ foo: 1 }, item('a')]).catch(
			(error: unknown) => error,
		)) as NodeOperationError;
		expect(failure.message).toMatch(/^Not a detection: id /);
		expect(await ask('detection', 'getMany')).toHaveLength(1);
	});
});

function hex(byte: number): string {
	return byte.toString(16).padStart(2, '0').toUpperCase();
}

describe('people', () => {
	it('contain and release a host by hand', async () => {
		const [contained] = await ask('entity', 'contain', {
			host: { mac: '00-11-22-33-44-55' },
			requester: 'alice',
			reason: 'Seen on camera',
		});
		expect(contained).toMatchObject({ kind: 'contain', requestedBy: 'alice' });
		await ask('intent', 'claim', { ids: contained.id as string });
		await ask('intent', 'complete', { intentId: contained.id as string });
		const [released] = await ask('entity', 'release', {
			releaseBy: 'episode',
			episodeId: contained.episodeId as string,
			requester: 'bob',
			reason: 'Clean',
		});
		expect(released).toMatchObject({ kind: 'release', requestedBy: 'bob' });
		expect(await ask('audit', 'getMany', { filters: { actor: 'bob' } })).toHaveLength(1);
	});

	it('protect hosts', async () => {
		await ask('entity', 'protect', { type: 'oui', value: '00:11:22', reason: 'Infusion pumps' });
		expect(await ask('entity', 'getProtected')).toMatchObject([{ type: 'oui', reason: 'Infusion pumps' }]);
		const [contain, , recorded] = await execute('detection', 'score', {}, attack());
		expect(contain).toEqual([]);
		expect(JSON.stringify(recorded.map(({ json }) => json.refused))).toContain('Infusion pumps');
		expect(await ask('entity', 'unprotect', { type: 'oui', value: '00:11:22' })).toMatchObject([
			{ removed: true },
		]);
	});

	it('change the policy, and learn every problem of one that is not valid', async () => {
		const [{ policy }] = await ask('policy', 'get');
		const [updated] = await ask('policy', 'update', {
			policy: { ...(policy as IDataObject), threshold: 100 },
			comment: 'Pilot',
		});
		expect(updated).toMatchObject({ policy: { threshold: 100 } });
		expect((await ask('policy', 'getVersions')).map(({ comment }) => comment)).toContain('Pilot');
		await expect(
			ask('policy', 'update', {
				policy: { ...(policy as IDataObject), threshold: 'x', bands: {} },
				comment: 'Bad',
			}),
		).rejects.toMatchObject({
			description: expect.stringMatching(/^threshold: .*\nbands\.yellow: .*/),
		});
		expect(await ask('policy', 'replay')).toMatchObject([{ equal: true }]);
	});

	it('start from a preset', async () => {
		const [preset] = await ask('policy', 'get', { origin: 'classic' });
		expect(preset).toEqual({ preset: 'classic', policy: PRESETS.classic });
		expect(await ask('policy', 'get', { origin: 'balanced' })).toEqual([{ preset: 'balanced', policy: PRESETS.balanced }]);
		await ask('policy', 'update', { policy: { ...(preset.policy as IDataObject), threshold: 120 }, comment: 'As before' });
		expect(await ask('policy', 'get')).toMatchObject([{ version: 2, policy: { name: 'classic', threshold: 120 } }]);
		expect(PRESETS.classic.threshold).toBe(100);
	});

	it('try a draft on history', async () => {
		await execute('detection', 'score', {}, attack());
		const [{ policy }] = await ask('policy', 'get');
		const [strict] = await ask('policy', 'whatIf', {
			draft: { ...(policy as IDataObject), threshold: 1000, rearmBelow: 0 },
		});
		expect(strict).toMatchObject({ detections: 2, contained: [] });
	});
});

describe('the ledger as a whole', () => {
	it('moves to another file by export and import', async () => {
		await execute('detection', 'score', {}, attack());
		let exported = Buffer.alloc(0);
		await execute('ledger', 'export', {}, [{}], {
			helpers: {
				prepareBinaryData: async (stream, fileName) => {
					const chunks: Buffer[] = [];
					for await (const chunk of stream as Readable) chunks.push(chunk as Buffer);
					exported = Buffer.concat(chunks);
					return { data: '', mimeType: 'application/x-ndjson', fileName };
				},
			},
		});
		const copy = path.join(folder, 'copy.db');
		const [[imported]] = await execute('ledger', 'import', {}, [{}], {
			database: copy,
			helpers: { assertBinaryData: () => ({ data: exported.toString('base64'), mimeType: '' }) },
		});
		expect(imported.json).toMatchObject({ detections: 2 });
		const [[before], [after]] = await Promise.all([
			execute('entity', 'get', { ...mac }),
			execute('entity', 'get', { ...mac }, [{}], { database: copy }),
		]);
		expect((after[0].json.contributions as IDataObject[]).map(({ penalty }) => penalty)).toEqual(
			(before[0].json.contributions as IDataObject[]).map(({ penalty }) => penalty),
		);
	});

	it('offers the sources it has seen', async () => {
		await execute('detection', 'score', { source: 'umbrella', readUntil: ago(0) }, [item('a')]);
		const context = fakeLoadOptions({ credentials: { ciscoRtcLedgerApi: { store: 'sqlite', file } } });
		expect(await node.methods.loadOptions.getSources.call(context)).toEqual([
			{ name: 'secureEndpoint', value: 'secureEndpoint', description: 'Detections: 1' },
			{ name: 'umbrella', value: 'umbrella', description: 'Detections: 0' },
		]);
	});
});

describe('credential test', () => {
	async function test(data: IDataObject): Promise<INodeCredentialTestResult> {
		const credential = { id: '1', name: 'Ledger', type: 'ciscoRtcLedgerApi', data: data as never };
		return await node.methods.credentialTest.testLedger.call({} as never, credential);
	}

	it('says what is in the ledger', async () => {
		await execute('detection', 'score', {}, [item('a')]);
		expect(await test({ store: 'sqlite', file })).toEqual({
			status: 'OK',
			message: `The ledger ${file} is ready: policy version 1, detections: 1.`,
		});
	});

	it('says why the ledger can not be opened', async () => {
		const { status, message } = await test({ store: 'sqlite', file: folder });
		expect(status).toBe('Error');
		expect(message).toMatch(/^The ledger can't be opened: /);
	});

	it('refuses a relative path', async () => {
		expect(await test({ store: 'sqlite', file: 'x.db', refuseRelativePaths: true })).toEqual({
			status: 'Error',
			message: expect.stringContaining('is a relative path'),
		});
	});
});

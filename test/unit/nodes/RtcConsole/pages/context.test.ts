import { entityLists } from '../../../../../nodes/RtcConsole/pages/entities/list';
import { entityPage } from '../../../../../nodes/RtcConsole/pages/entity/entity';
import { ACTOR, detection, MINUTE_MS, newLedger, PERSON, START_MS, type TestLedger } from '../../../ledger/helpers';
import { searchPage } from '../../../../../nodes/RtcConsole/pages/search';
import { expectHarmless, HOSTILE, shown } from './pageContext';

const PC = { kind: 'hostname', key: 'pc1' } as const;
const SHA256 = 'a1'.repeat(32);
const AT = '2026-01-15T11:59:00.000Z';
const segments = [PC.kind, PC.key];

let test: TestLedger;
beforeEach(async () => {
	test = await newLedger();
	const sha256 = 'A1'.repeat(32);
	const observables = [{ type: 'domain', value: 'c2.example' }, { type: 'sha256', value: sha256 }, { type: 'ip', value: '2001:db8::1' }, { type: 'ip', value: '203.0.113.66' }, { type: 'url', value: 'ftp://c2.example/a' }];
	await test.ledger.score([{ ...detection({ targets: [{ hostname: 'pc1', mac: '00:11:22:33:44:55' }] }), observables }], { actor: ACTOR });
});
afterEach(async () => await test.close());

describe('sessions and flows', () => {
	it.each([
		['operator', 'Nobody has looked it up yet. &quot;Look up now&quot;'.replaceAll('&quot;', '"'), true],
		['viewer', 'Operators can ask', false],
	] as const)('without any, tell a %s how to get them', async (role, says, offered) => {
		const { text } = await shown(entityPage, { ledger: test.ledger, segments, role });
		expect(text).toContain(says);
		expect(text.includes('data-action="lookUp" data-object="hostname:pc1"')).toBe(offered);
	});

	it('are shown with who asked and when, and what could not be asked', async () => {
		await test.ledger.noteContext(PC, {
			sessions: [{ macAddress: '00:11:22:33:44:55', ipAddresses: ['10.1.2.3'], userName: 'ann', nasIpAddress: '10.9.9.9', nasPortId: 'Gi1/0/7', endpointProfile: 'Windows10-Workstation', securityGroup: 'Employees', ancPolicy: 'RTC_Quarantine', startedAt: '2026-01-15T08:00:00Z' }],
			flows: [{ subject: { ipAddress: '10.1.2.3', port: 50_000 }, peer: { ipAddress: '192.0.2.7', port: 4443 }, protocol: 'TCP', byteCount: 1_234_567, lastActiveTime: '2026-01-15T11:58:00Z' }],
			computers: [{ connectorGuid: 'g', hostname: 'pc1.corp.example', operatingSystem: 'Windows 11', isolationStatus: 'isolated' }],
			problems: ['Umbrella: asleep'],
		}, PERSON);
		const { text } = await shown(entityPage, { ledger: test.ledger, segments, nowMs: START_MS + 3 * MINUTE_MS });
		for (const part of ['Looked up by ann, 3 min ago', '10.9.9.9', 'Gi1/0/7', 'Windows10-Workstation', 'Employees', 'RTC_Quarantine', '2026-01-15 08:00:00 UTC', '192.0.2.7', '4443', 'TCP', 'Windows 11', 'Umbrella: asleep']) expect(text).toContain(part);
		expect(text.replace(/\s/g, '')).toContain('1234567');
		for (const list of entityLists.filter(({ path }) => ['hosts', 'hostnames'].includes(path))) {
			expect((await shown(list, { ledger: test.ledger })).text).toMatch(/aria-label="Workstation".*Windows10-Workstation/);
		}
	});

	it('come with the place of the host and what is known of its files', async () => {
		const locations = [{ deviceId: '00:11:22:33:44:55', locationMapHierarchy: 'Campus>Building 9>Level 4', apMacAddress: '70:df:2f:b5:38:60', lastSeen: AT }];
		const report = { threatScore: 95, names: ['invoice.exe'], domains: ['c2.example'], indicators: [{ title: 'Deletes shadow copies' }] };
		const verdict = { last_analysis_stats: { malicious: 48, undetected: 24 }, popular_threat_classification: { suggested_threat_label: 'trojan.emotet' } };
		await test.ledger.noteContext(PC, { locations, files: [{ sha256: SHA256, report, verdict }] }, PERSON);
		const said = ['95 of 100', '48 of 72 engines', 'trojan.emotet', 'invoice.exe', 'c2.example', 'Deletes shadow copies'];
		const entity = await shown(entityPage, { ledger: test.ledger, segments });
		for (const part of [...said, 'Campus › Building 9 › Level 4', '70:DF:2F:B5:38:60']) expect(entity.text).toContain(part);
		expect(entity.text).not.toContain('Not set up');
		const search = await shown(searchPage, { ledger: test.ledger, query: `q=${SHA256.toUpperCase()}` });
		for (const part of [...said, 'What is known of this file', 'Looked up with', 'pc1', 'ann']) expect(search.text).toContain(part);
	});

	it('tell what is not set up, what did not answer and what nobody knows apart', async () => {
		const page = async (found: object) => {
			await test.ledger.noteContext(PC, { files: [{ sha256: SHA256 }], ...found }, PERSON);
			return (await shown(entityPage, { ledger: test.ledger, segments })).text;
		};
		const off = await page({ notSetUp: ['Cisco CMX', 'VirusTotal'] });
		expect(off).toContain('Not set up, and so not asked: Cisco CMX, VirusTotal.');
		expect(off.match(/>Not (set up|known)</g)).toEqual(['>Not known<', '>Not set up<']);
		expect(off).not.toContain('Not everything could be looked up');
		expect(await page({ problems: ['VirusTotal: it answered 429'] })).toContain('>No answer<');
	});

	it('of a file that nobody looked up are offered in the search', async () => {
		const { text } = await shown(searchPage, { ledger: test.ledger, query: `q=${SHA256}` });
		expect(text).toContain('Nobody has looked it up yet');
		const other = await shown(searchPage, { ledger: test.ledger, query: 'q=c2.example' });
		expect(other.text).not.toContain('What is known of this file');
	});

	it('escape every field, and keep the page small', async () => {
		const text = HOSTILE + '"<'.repeat(200);
		const session = Object.fromEntries(['macAddress', 'userName', 'state', 'nasIpAddress', 'nasPortId', 'endpointProfile', 'securityGroup', 'ancPolicy'].map((name) => [name, text]));
		const flow = { subject: { ipAddress: text }, peer: { ipAddress: text }, protocol: text };
		await test.ledger.noteContext(PC, {
			sessions: Array.from({ length: 50 }, () => ({ ...session, ipAddresses: [text, text] })),
			flows: Array.from({ length: 200 }, () => flow),
			computers: Array.from({ length: 9 }, () => ({ connectorGuid: text, hostname: text, operatingSystem: text, policyName: text })),
			locations: Array.from({ length: 20 }, () => ({ deviceId: text, locationMapHierarchy: text, apMacAddress: text })),
			files: Array.from({ length: 9 }, () => ({
				sha256: SHA256,
				report: { threatScore: 1, names: [text, `1${text}`, `2${text}`], domains: Array.from({ length: 20 }, () => text), indicators: [{ title: text }] },
				verdict: { last_analysis_stats: { malicious: 1 }, popular_threat_classification: { suggested_threat_label: text } },
			})),
			notSetUp: [text],
			problems: [text],
		}, { name: HOSTILE });
		expectHarmless(await shown(searchPage, { ledger: test.ledger, query: `q=${SHA256}` }));
		const page = await shown(entityPage, { ledger: test.ledger, segments });
		expectHarmless(page);
		expect(page.text).toContain('&lt;script&gt;');
		expect(Buffer.byteLength(page.text)).toBeLessThan(150_000);
	});
});

it('offers to block what the workflow can block, and says where', async () => {
	const { text } = await shown(entityPage, { ledger: test.ledger, segments });
	const offered = [...text.matchAll(/data-action="blockObservable" data-object="([^"]*)"/g)].map(([, object]) => object);
	expect(offered).toEqual(['domain:c2.example', `sha256:${'A1'.repeat(32)}`, 'ip:203.0.113.66']);
	expect(text).toContain('Adds it to the Secure Endpoint file list');
	expect(text).toContain('Adds it to the Umbrella destination list');
});

it('names the host of a MAC address in the list of hosts, and nowhere else', async () => {
	const lists = new Map(entityLists.map((list) => [list.path, list]));
	const page = async (path: string) => (await shown(lists.get(path)!, { ledger: test.ledger })).text;
	expect(await page('hosts')).toMatch(/00:11:22:33:44:55<\/a>.*<a class="key" href="\?page=entity&(amp;)?of=hostname&(amp;)?of=pc1">pc1</s);
	expect((await page('hostnames')).match(/>pc1</g)).toHaveLength(1);
	await test.ledger.score([{ ...detection({ targets: [{ mac: '00:11:22:33:44:66' }] }) }], { actor: ACTOR });
	expect(await page('hosts')).toContain('00:11:22:33:44:66');
});

import { bodyOf, umbrellaLab } from './support';

const API = '/investigate/v2';

function investigateLab() {
	const lab = umbrellaLab();
	const get = async (path: string) => {
		lab.advance(1000);
		return await lab.call('GET', API + path);
	};
	return { ...lab, get };
}

describe('Umbrella: Investigate', () => {
	it('knows domains by what was reported', async () => {
		const { emit, get } = investigateLab();
		emit({ data: { domain: 'evil.example', categories: ['Malware'] } });
		const categorisation = async (domain: string, query = '?showLabels') =>
			bodyOf(await get(`/domains/categorization/${domain}${query}`))[domain];
		expect(await categorisation('evil.example')).toMatchObject({
			status: -1,
			security_categories: ['Malware'],
		});
		expect(await categorisation('evil.example', '')).toMatchObject({ security_categories: ['67'] });
		expect(await categorisation('files.corp.example')).toMatchObject({ status: 1 });
		expect(await categorisation('nobody.example')).toEqual({
			status: 0,
			security_categories: [],
			content_categories: [],
		});
		const risk = async (domain: string) => bodyOf(await get(`/domains/risk-score/${domain}`)).risk_score;
		expect(await risk('evil.example')).toBeGreaterThanOrEqual(90);
		expect(await risk('files.corp.example')).toBeLessThan(10);
		expect(bodyOf(await get('/security/name/evil.example'))).toMatchObject({
			found: true,
			threat_type: 'Malware',
		});
	});

	it('categorises many in one call, for keys that may', async () => {
		const { call, credentials, token } = umbrellaLab();
		const json = ['test.com', 'nobody.example'];
		const path = `${API}/domains/categorization?showLabels`;
		expect(bodyOf(await call('POST', path, { json }))).toMatchObject({
			'test.com': { status: 1 },
			'nobody.example': { status: 0 },
		});
		const limited = await token(credentials.limited.apiKey, credentials.limited.keySecret);
		const headers = { authorization: `Bearer ${limited}` };
		expect((await call('POST', path, { json, headers })).status).toBe(403);
		const tooMany = await call('POST', path, {
			json: Array.from({ length: 1001 }, (_, i) => `d${i}.example`),
		});
		expect(tooMany).toMatchObject({ status: 400, violation: expect.stringContaining('1000') });
	});

	it('finds samples of a host, also when asked for a URL', async () => {
		const { emit, get } = investigateLab();
		const sha256 = 'ab'.repeat(32);
		emit({ type: 'proxy', data: { url: 'https://evil.example/x.exe', categories: ['Malware'], sha256 } });
		const found = bodyOf(await get(`/samples/${encodeURIComponent('https://evil.example/x.exe')}`));
		expect(found).toMatchObject({ totalResults: 1, limit: 10, samples: [{ sha256, threatScore: 95 }] });
		expect(bodyOf(await get(`/sample/${sha256}`)).sha256).toBe(sha256);
		expect((await get(`/sample/${'cd'.repeat(32)}`)).status).toBe(404);
	});

	it('relates malicious domains, and resolves back and forth', async () => {
		const { emit, get } = investigateLab();
		for (const domain of ['evil.example', 'bad.example']) emit({ data: { domain, categories: ['Malware'] } });
		expect(bodyOf(await get('/recommendations/name/evil.example.json'))).toMatchObject({
			found: true,
			pfs2: [['bad.example', expect.any(Number)]],
		});
		expect(bodyOf(await get('/links/name/nobody.example'))).toEqual({ found: false });
		const [{ rr }] = bodyOf(await get('/pdns/name/evil.example')).records;
		const names = bodyOf(await get(`/ips/${rr}/latest_domains`)).map(({ name }: { name: string }) => name);
		expect(names).toContain('evil.example');
		expect(bodyOf(await get('/whois/evil.example')).domainName).toBe('evil.example');
	});

	it.each([
		'/domains/categorization/not%20a%20domain',
		'/security/name/nodots',
		'/samples/nodots',
		'/pdns/ip/evil.example',
	])('answers 404 to the ill-formed %s', async (path) => {
		const { get } = investigateLab();
		expect((await get(path)).status).toBe(404);
	});
});

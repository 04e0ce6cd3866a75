import { createVirusTotal } from '../../../../../lab/vendors/virusTotal';
import { send, testContext } from '../shared/testLab';

const FILES = 'https://www.virustotal.com/api/v3/files';
const KNOWN = 'ab'.repeat(32);

function lab() {
	const test = testContext();
	const vendor = createVirusTotal(test.context);
	const { apiKey } = vendor.credentials() as { apiKey: string };
	const get = async (id: string, headers: Record<string, string> = { 'x-apikey': apiKey }) =>
		await send(vendor, 'GET', `${FILES}/${id}`, { headers });
	return { ...test, vendor, get };
}

describe('VirusTotal', () => {
	it('says what engines think of a file', async () => {
		const { get, vendor } = lab();
		const answer = await get(KNOWN);
		expect(answer).toMatchObject({
			status: 200,
			body: {
				data: {
					type: 'file',
					id: KNOWN,
					attributes: { sha256: KNOWN, last_analysis_stats: { malicious: expect.any(Number) } },
				},
			},
		});
		expect(await get(KNOWN)).toEqual(answer);
		expect(vendor.state()).toEqual({ asked: [KNOWN] });
	});

	it("knows no file whose hash ends in 0, which is nobody's fault", async () => {
		const answer = await lab().get('a0'.repeat(32));
		expect(answer).toMatchObject({ status: 404, body: { error: { code: 'NotFoundError' } } });
		expect(answer.violation).toBeUndefined();
	});

	it('takes four calls a minute', async () => {
		const { get, advance } = lab();
		for (let call = 0; call < 4; call++) expect((await get(KNOWN)).status).toBe(200);
		expect(await get(KNOWN)).toMatchObject({ status: 429, body: { error: { code: 'QuotaExceededError' } } });
		advance(60_000);
		expect((await get(KNOWN)).status).toBe(200);
	});

	it.each([
		['no key', KNOWN, {}, 401],
		['a wrong key', KNOWN, { 'x-apikey': 'x' }, 401],
		['no SHA-256', 'x', undefined, 400],
	])('refuses %s', async (_what, id, headers, status) => {
		expect(await lab().get(id, headers)).toMatchObject({ status, violation: expect.any(String) });
	});
});

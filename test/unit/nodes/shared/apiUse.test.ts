import { apiUse, type ApiUse } from '../../../../nodes/shared/apiUse';
import { send, type ApiClient } from '../../../../nodes/shared/http';
import { Quota } from '../../../../nodes/shared/quota';
import { fakeExecute, withoutWaiting, type FakeAnswer } from '../support/fakeContext';

beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

let products = 0;

function newProduct(quota?: Quota): ApiClient {
	return {
		product: `Product ${products++}`,
		baseUrl: 'https://api.example',
		authorize: async () => ({}),
		canRefresh: false,
		describeError: () => undefined,
		...(quota && { quota }),
	};
}

async function call(client: ApiClient, ...answers: (FakeAnswer | Error)[]): Promise<void> {
	let next = 0;
	const context = fakeExecute({ server: () => answers[Math.min(next++, answers.length - 1)] });
	await withoutWaiting(send(context, client, { method: 'GET', path: '/' })).catch(() => undefined);
}

const useOf = ({ product }: ApiClient) => apiUse(Date.now()).find((use) => use.product === product) as ApiUse;

it('counts every call by its answer, repetitions included', async () => {
	const client = newProduct();
	await call(client, { status: 429 }, { status: 503 }, Object.assign(new Error('gone'), { code: 'ECONNRESET' }), {});
	await call(client, { status: 404 });
	expect(useOf(client)).toMatchObject({ calls: { 200: 1, 404: 1, 429: 1, 503: 1, none: 1 }, throttled: 1, budgets: [] });
	expect(useOf(client)).not.toHaveProperty('quotaRemaining');
});

it('remembers what the vendor last said is left', async () => {
	const client = newProduct();
	await call(client, { headers: { 'X-RateLimit-Remaining': '2999' } });
	await call(client, { headers: { 'X-RateLimit-Remaining': '12' } });
	await call(client, { headers: { 'X-RateLimit-Remaining': 'many' } });
	expect(useOf(client).quotaRemaining).toBe(12);
});

it('tells what the limits still allow, of the account that has least', async () => {
	const windows = [{ limit: 5, windowMs: 1_000 }, { limit: 100, windowMs: 3_600_000 }];
	const [busy, idle] = [newProduct(new Quota(windows)), newProduct(new Quota(windows))];
	idle.product = busy.product;
	for (let i = 0; i < 3; i++) await call(busy, {});
	await call(idle, {});
	expect(useOf(busy).budgets).toEqual([
		{ limit: 5, windowSeconds: 1, remaining: 2 },
		{ limit: 100, windowSeconds: 3600, remaining: 97 },
	]);
	jest.setSystemTime(Date.now() + 1_000);
	expect(useOf(busy).budgets.map(({ remaining }) => remaining)).toEqual([5, 97]);
	busy.quota?.block(Date.now() + 10_000);
	expect(useOf(busy).budgets.map(({ remaining }) => remaining)).toEqual([0, 0]);
});

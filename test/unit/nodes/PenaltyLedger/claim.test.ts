import type { Intent } from '../../../../ledger/api';
import type { ClaimOptions } from '../../../../ledger/service';
import { runNode, type NodeSetup } from './nodeContext';
import { intent, mac } from './samples';

async function claim(setup: NodeSetup, available: string[]) {
	const calls: ClaimOptions[] = [];
	const claimIntents = async (options: ClaimOptions): Promise<Intent[]> => {
		calls.push(options);
		return available.filter((id) => options.ids?.includes(id) ?? true).map((id) => intent(id, mac));
	};
	const tables = [setup.parameters ?? {}]
		.flat()
		.map((table) => ({ resource: 'intent', operation: 'claim', ...table }));
	const [items] = await runNode({ ...setup, parameters: tables }, { claimIntents });
	return { calls, items };
}

describe('Intent: Claim', () => {
	it('claims whatever is due by default', async () => {
		const { calls, items } = await claim({}, ['i1', 'i2']);
		expect(calls).toEqual([
			{
				actor: { name: 'workflow', execution: 'Workflow under test#1' },
				kinds: ['contain', 'release'],
				limit: 100,
				leaseSeconds: 120,
			},
		]);
		expect(items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			['i1', { item: 0 }],
			['i2', { item: 0 }],
		]);
	});

	it('makes one claim for the IDs of all items and pairs each intent with its item', async () => {
		const { calls, items } = await claim({ parameters: [{ ids: 'i1' }, { ids: 'gone' }, { ids: 'i2' }] }, [
			'i2',
			'i1',
		]);
		expect(calls.map(({ ids }) => ids)).toEqual([['i1', 'gone', 'i2']]);
		expect(items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			['i2', { item: 2 }],
			['i1', { item: 0 }],
		]);
	});

	it.each<[string, unknown, string[]]>([
		['separated by commas', ' i1, i2 ,', ['i1', 'i2']],
		['as a list', ['i1', 'i2'], ['i1', 'i2']],
		['as a JSON list', '["i1", "i2"]', ['i1', 'i2']],
		['twice', 'i1,i1', ['i1']],
	])('takes IDs %s', async (_name, ids, expected) => {
		const { calls } = await claim({ parameters: { ids: ids as string } }, []);
		expect(calls[0].ids).toEqual(expected);
	});

	it('claims nothing, not everything, when an expression gives no ID', async () => {
		const { calls, items } = await claim({ raw: { ids: '={{ $json.id }}' }, parameters: { ids: '' } }, [
			'i1',
		]);
		expect(calls).toEqual([]);
		expect(items).toEqual([]);
	});

	it('passes kinds, limit and lease on', async () => {
		const { calls } = await claim({ parameters: { kinds: ['notify'], maxIntents: 5, leaseSeconds: 30 } }, []);
		expect(calls[0]).toMatchObject({ kinds: ['notify'], limit: 5, leaseSeconds: 30 });
	});
});

import { NodeOperationError } from 'n8n-workflow';
import { runPerItem, type OperationMap } from '../../../../nodes/shared/execute';
import { fakeExecute, fakeNode } from '../support/fakeContext';

const operations: OperationMap<string> = {
	thing: {
		get: async (client, itemIndex) => ({ client, itemIndex }),
		getMany: async () => [{ n: 1 }, { n: 2 }],
		fail: async () => {
			throw new Error('went wrong');
		},
		failWithAdvice: async (_client, itemIndex) => {
			throw new NodeOperationError(fakeNode, 'went wrong', { itemIndex, description: 'do this' });
		},
	},
};
const choose = (operation: string) => ({ resource: 'thing', operation });

describe('runPerItem', () => {
	it('runs each item with its own operation and pairs the results', async () => {
		const context = fakeExecute({ parameters: [choose('getMany'), choose('get')] });
		await expect(runPerItem(context, operations, 'client')).resolves.toEqual([
			[
				{ json: { n: 1 }, pairedItem: { item: 0 } },
				{ json: { n: 2 }, pairedItem: { item: 0 } },
				{ json: { client: 'client', itemIndex: 1 }, pairedItem: { item: 1 } },
			],
		]);
	});

	it('ends at the first error and names its item', async () => {
		const context = fakeExecute({ parameters: [choose('get'), choose('fail')] });
		await expect(runPerItem(context, operations, '')).rejects.toMatchObject({
			message: 'went wrong',
			context: { itemIndex: 1 },
		});
	});

	it('goes on after an error when the node is set so, and keeps the input', async () => {
		const context = fakeExecute({
			parameters: [choose('failWithAdvice'), choose('get')],
			items: [{ host: 'a' }, { host: 'b' }],
			continueOnFail: true,
		});
		const [output] = await runPerItem(context, operations, '');
		expect(output).toEqual([
			{ json: { host: 'a', error: 'went wrong', details: 'do this' }, pairedItem: { item: 0 } },
			{ json: { client: '', itemIndex: 1 }, pairedItem: { item: 1 } },
		]);
	});

	it('refuses an unknown operation', async () => {
		const context = fakeExecute({ parameters: choose('explode') });
		await expect(runPerItem(context, operations, '')).rejects.toThrow('"explode" of "thing" is not known');
	});
});

import { NodeOperationError, type IDataObject } from 'n8n-workflow';
import { runPerItem, type Operation, type OperationMap } from '../../../../nodes/shared/execute';
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

	describe('of an operation that bears several at a time', () => {
		const slow = (work: (itemIndex: number) => Promise<object>) => {
			let [running, most] = [0, 0];
			const get: Operation<string> = async (_client, itemIndex) => {
				most = Math.max(most, ++running);
				try {
					return (await work(itemIndex)) as IDataObject;
				} finally {
					running--;
				}
			};
			get.concurrency = 3;
			return { operations: { thing: { ...operations.thing, get } }, most: () => most };
		};
		const items = (count: number) => fakeExecute({ parameters: Array.from({ length: count }, () => choose('get')) });
		const ms = async (wait: number) => await new Promise((resolve) => setTimeout(resolve, wait));

		it('works on so many at a time and keeps the order of the items', async () => {
			const given = slow(async (itemIndex) => (await ms((7 - itemIndex) * 3), { itemIndex }));
			const [output] = await runPerItem(items(7), given.operations, '');
			expect(output.map(({ json }) => json.itemIndex)).toEqual([0, 1, 2, 3, 4, 5, 6]);
			expect(output.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2, 3, 4, 5, 6].map((item) => ({ item })));
			expect(given.most()).toBe(3);
		});

		it('begins nothing new after an error, and throws it when what is under way has ended', async () => {
			const ended: number[] = [];
			const given = slow(async (itemIndex) => {
				if (itemIndex === 1) throw new Error('went wrong');
				await ms(10);
				ended.push(itemIndex);
				return {};
			});
			await expect(runPerItem(items(7), given.operations, '')).rejects.toMatchObject({ message: 'went wrong', context: { itemIndex: 1 } });
			expect(ended.sort()).toEqual([0, 2]);
		});

		it('goes one by one beside an operation that does not', async () => {
			const given = slow(async () => (await ms(1), {}));
			const context = fakeExecute({ parameters: [choose('get'), choose('get'), choose('getMany')] });
			await runPerItem(context, given.operations, '');
			expect(given.most()).toBe(1);
		});
	});

	it('refuses an unknown operation', async () => {
		const context = fakeExecute({ parameters: choose('explode') });
		await expect(runPerItem(context, operations, '')).rejects.toThrow('"explode" of "thing" is not known');
	});
});

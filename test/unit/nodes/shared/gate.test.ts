import { setImmediate as turn } from 'node:timers/promises';
import { gate } from '../../../../nodes/shared/gate';

describe('gate', () => {
	it('lets so many through at a time, in their order, and gives back what each gave', async () => {
		const through = gate(2);
		const begun: number[] = [];
		const finish: (() => void)[] = [];
		const all = [0, 1, 2, 3].map(async (number) =>
			await through(async () => {
				begun.push(number);
				await new Promise<void>((resolve) => finish.push(resolve));
				return number * 10;
			}),
		);
		await turn();
		expect(begun).toEqual([0, 1]);
		finish[1]();
		await turn();
		expect(begun).toEqual([0, 1, 2]);
		finish[0]();
		finish[2]();
		await turn();
		finish[3]();
		expect(await Promise.all(all)).toEqual([0, 10, 20, 30]);
	});

	it('goes on after work that failed', async () => {
		const through = gate(1);
		await expect(through(async () => await Promise.reject(new Error('no')))).rejects.toThrow('no');
		expect(await through(async () => 'yes')).toBe('yes');
	});
});

import { History, stateOf } from '../../../../lab/portal/history';
import type { HostSummary } from '../../../../lab/portal/overview';

const START = Date.UTC(2026, 2, 4, 5, 6, 7);
const at = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

function host(name: string, more: Partial<HostSummary> = {}): HostSummary {
	return { name, nics: 'wl', ...more };
}

describe('stateOf', () => {
	it.each<[string, Partial<HostSummary>]>([
		['healthy', {}],
		['detections', { detections: 1 }],
		['infected', { detections: 1, infected: true }],
		['isolated', { infected: true, isolation: 'isolated' }],
		['waiting', { infected: true, isolation: 'isolated', ancWaiting: [1] }],
		['quarantined', { infected: true, isolation: 'isolated', ancWaiting: [1], anc: [0] }],
	])('is %s for %j', (state, more) => {
		expect(stateOf(host('a', more))).toBe(state);
	});
});

describe('History', () => {
	it('keeps when a host changed, and nothing about hosts that stay healthy', () => {
		const history = new History(START);
		const stays = host('stays');
		history.sample([stays, host('falls')], START + 1_000);
		history.sample([stays, host('falls', { infected: true })], START + 2_000);
		history.sample([stays, host('falls', { infected: true, detections: 2 })], START + 3_000);
		history.sample([stays, host('falls', { infected: true, anc: [0] })], START + 4_000);
		history.sample([stays, host('falls')], START + 9_000);
		expect(history.timeline()).toEqual({
			from: at(0),
			until: at(9),
			lanes: [
				{
					id: 1,
					name: 'falls',
					changes: [
						{ at: at(0), state: 'healthy' },
						{ at: at(2), state: 'infected' },
						{ at: at(4), state: 'quarantined' },
						{ at: at(9), state: 'healthy' },
					],
				},
			],
			more: 0,
		});
	});

	it('forgets what was before a restart', () => {
		const history = new History(START);
		history.sample([host('a', { infected: true })], START + 1_000);
		history.restart(START + 5_000);
		expect(history.timeline()).toEqual({ from: at(5), until: at(5), lanes: [], more: 0 });
		history.sample([host('a', { infected: true })], START + 5_000);
		expect(history.timeline().lanes[0].changes).toEqual([{ at: at(5), state: 'infected' }]);
	});

	it('shows contained and infected hosts before those with detections alone, and counts the rest', () => {
		const history = new History(START);
		const noisy = Array.from({ length: 2_000 }, (_, index) => host(`noisy-${index}`, { detections: 1 }));
		history.sample([...noisy, host('late')], START + 1_000);
		history.sample([...noisy, host('late', { infected: true })], START + 2_000);
		const { lanes, more } = history.timeline();
		expect(lanes.map(({ name }) => name)).toEqual(['late', ...noisy.slice(0, 11).map(({ name }) => name)]);
		expect(more).toBe(1_989);
	});

	it('keeps the newest 60 changes of a host that never rests', () => {
		const history = new History(START);
		for (let second = 0; second < 200; second++) {
			history.sample([host('a', second % 2 === 0 ? { detections: 1 } : {})], START + second * 1_000);
		}
		const { changes } = history.timeline().lanes[0];
		expect(changes).toHaveLength(60);
		expect(changes.at(-1)).toEqual({ at: at(199), state: 'healthy' });
	});
});

import { drawKills, differences, type CountedRun } from '../../../demo/crash';
import { randomFrom } from '../../../lab/machine/random';

function counted(changes: { failures?: string[]; penalties?: Record<string, number>; umbrella?: number; hosts?: string[] } = {}): CountedRun {
	const { failures = [], penalties = { 'hostname pc1': 90 }, umbrella = 3, hosts = ['host-1'] } = changes;
	const episodes = hosts.map((hostId) => ({ hostId, containedAt: '2026-11-21T10:00:00.000Z' }));
	return { report: { failures, ledger: { metrics: { detections: { umbrella } }, episodes } }, penalties } as unknown as CountedRun;
}

describe('a run with crashes', () => {
	it('that shows none differs in nothing', () => {
		expect(differences(counted(), counted())).toEqual([]);
	});

	it.each([
		['an expectation of the scenario', { failures: ['pc1 should be contained and is not'] }, 'pc1 should be contained and is not'],
		['points counted twice', { penalties: { 'hostname pc1': 180 } }, 'hostname pc1 has 180 points, 90 undisturbed'],
		['an entity that nobody knows', { penalties: {} }, 'hostname pc1 has no points, 90 undisturbed'],
		['an entity that only it has', { penalties: { 'hostname pc1': 90, 'user ann': 5 } }, 'user ann has 5 points, none undisturbed'],
		['a lost detection', { umbrella: 2 }, '2 detections of Umbrella, 3 undisturbed'],
		['a second episode', { hosts: ['host-1', 'host-1'] }, 'host-1 was contained in two episodes'],
	])('is told by %s', (_name, changes, failure) => {
		expect(differences(counted(changes), counted())).toEqual([failure]);
	});

	it('proves nothing beside an undisturbed run that failed itself', () => {
		expect(differences(counted(), counted({ failures: ['late'] }))).toEqual(['Undisturbed: late']);
	});

	it('kills the same processes at the same moments for the same seed', () => {
		const kills = drawKills(['main', 'worker 1', 'Redis'], 20, randomFrom('crash', 1));
		expect(drawKills(['main', 'worker 1', 'Redis'], 20, randomFrom('crash', 1))).toEqual(kills);
		expect(drawKills(['main', 'worker 1', 'Redis'], 20, randomFrom('crash', 2))).not.toEqual(kills);
		expect(new Set(kills.map(({ process: name }) => name)).size).toBe(3);
	});
});

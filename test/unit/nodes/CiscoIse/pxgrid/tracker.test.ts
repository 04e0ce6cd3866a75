import { AncTracker, SessionTracker, type AncStatus } from '../../../../../nodes/CiscoIse/pxgrid/tracker';
import { recordsOf } from '../../../../../nodes/CiscoIse/sessions/pxGridDirectory';

const MAC = '00:50:56:00:00:01';
const OTHER = '00:50:56:00:00:02';
const THIRD = '00:50:56:00:00:03';

const status = (macAddress: string, policyName: string | null, outcome = 'SUCCESS'): AncStatus => ({
	operationId: 'ise:1',
	macAddress,
	policyName,
	status: outcome,
	failureReason: null,
});

const sessions = (...rows: [mac: string, state: string, timestamp: string][]) =>
	recordsOf({ sessions: rows.map(([macAddress, state, timestamp]) => ({ macAddress, state, timestamp })) });
const times = (records: ReturnType<typeof sessions>) => records.map(({ session }) => session.startedAt);

describe('bindings', () => {
	it('takes everything as known the first time', () => {
		expect(new AncTracker().unseen(new Map([[MAC, 'Quarantine']]), [])).toEqual([]);
	});

	it('finds what was bound, freed and bound to another policy unseen', () => {
		const tracker = new AncTracker({ [MAC]: 'Quarantine', [OTHER]: 'Quarantine' });
		const now = new Map([
			[OTHER, 'Shutdown'],
			[THIRD, 'Quarantine'],
		]);
		const found = tracker.unseen(now, []).map(({ macAddress, policyName }) => [macAddress, policyName]);
		expect(found).toEqual([
			[MAC, null],
			[OTHER, 'Shutdown'],
			[THIRD, 'Quarantine'],
		]);
		expect(tracker.unseen(now, [])).toEqual([]);
		expect(tracker.known()).toEqual(Object.fromEntries(now));
	});

	it('leaves a change to the message that tells it, but not to a failure', () => {
		const now = new Map([
			[MAC, 'Quarantine'],
			[OTHER, 'Quarantine'],
		]);
		const messages = [status(MAC, 'Quarantine'), status(OTHER, 'Quarantine', 'FAILURE')];
		expect(new AncTracker({}).unseen(now, messages)).toMatchObject([{ macAddress: OTHER }]);
	});

	it('follows messages, and failures change nothing', () => {
		const tracker = new AncTracker({});
		tracker.note(status(MAC, 'Quarantine'));
		tracker.note(status(OTHER, 'Quarantine', 'FAILURE'));
		expect(tracker.known()).toEqual({ [MAC]: 'Quarantine' });
		tracker.note(status(MAC, null));
		expect(tracker.known()).toEqual({});
	});
});

describe('sessions', () => {
	it('tells each change once, oldest first, also after a restart', () => {
		const tracker = new SessionTracker();
		const [late, early] = sessions(
			[MAC, 'DISCONNECTED', '2026-03-04T12:00:30+02:00'],
			[MAC, 'STARTED', '2026-03-04T10:00:00Z'],
		);
		expect(times(tracker.untold([late, early, late]))).toEqual([
			'2026-03-04T10:00:00.000Z',
			'2026-03-04T10:00:30.000Z',
		]);
		const again = new SessionTracker(JSON.parse(JSON.stringify(tracker.position())));
		expect(again.untold([early, late])).toEqual([]);
		expect(again.recoverFrom).toBe(Date.parse('2026-03-04T09:59:30Z'));
		const [next] = sessions([MAC, 'STARTED', '2026-03-04T10:00:30Z']);
		expect(again.untold([next])).toEqual([next]);
	});

	it('keeps only what recovery can ask for again', () => {
		const tracker = new SessionTracker();
		const minute = (at: number) => new Date(Date.UTC(2026, 2, 4, 10, at)).toISOString();
		for (let at = 0; at < 50; at++) tracker.untold(sessions([MAC, 'STARTED', minute(at)]));
		expect(tracker.position()).toMatchObject({ newest: minute(49) });
		expect(tracker.position().told).toHaveLength(2);
	});
});

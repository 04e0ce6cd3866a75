import { plainPolicy } from '../../../ledger/helpers';
import { ConsoleDoor } from './consoleDoor';

/** As long as the ledger takes them, of the characters that take most room in a page. */
const long = (length: number, i: number) => `${i}${'"'.repeat(length - 6)}`;

let door: ConsoleDoor;
beforeAll(async () => {
	door = await ConsoleDoor.open(plainPolicy());
	const detections = Array.from({ length: 60 }, (_, i) => ({
		id: `umbrella:${i}`, source: 'umbrella', eventType: { id: 'p5', name: long(512, i) }, categories: Array.from({ length: 64 }, (__, n) => long(250, n)), severity: 'High',
		occurredAt: new Date(Date.now() - i).toISOString(), link: `https://x.example/${'%22'.repeat(1_300)}`,
		observables: Array.from({ length: 40 }, (__, n) => ({ type: 'domain', value: long(1_000, n) })), targets: [{ user: 'eve', hostname: long(250, i) }],
	}));
	const { outcomes } = await door.ledger.score(detections, { actor: { name: 'poll' } });
	expect(outcomes.map(({ outcome }) => outcome)).not.toContain('invalid');
}, 60_000);
afterAll(async () => await door.close());

it.each(['?page=entity&of=user&of=eve', '?page=hostnames', '?page=users', '?page=search&q=e', '?page=audit', '?page=policy', '?page=health', '?page=reports'])('%s stays below 200 kB, whatever vendors send', async (path) => {
	const { status, text } = await door.call({ user: 'admin', path });
	expect(status).toBe(200);
	expect(Buffer.byteLength(text)).toBeLessThan(200_000);
});

it('so does a search for what all of them saw', async () => {
	const { text } = await door.call({ user: 'admin', path: `?${new URLSearchParams({ page: 'search', q: long(1_000, 3) })}` });
	expect(Buffer.byteLength(text)).toBeLessThan(200_000);
});

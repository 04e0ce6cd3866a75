import { completeIntent, failIntent } from '../../support/settle';
import { ACTOR, detection, MINUTE_MS, newLedger, PERSON, plainPolicy, type TestLedger } from './helpers';

let test: TestLedger;
beforeEach(async () => {
	test = await newLedger(plainPolicy({ retry: { attempts: 1, backoff: 'PT30S', maxBackoff: 'PT15M' } }));
	const { contain } = await test.ledger.score([detection({ penalty: 90 })], { actor: ACTOR });
	await completeIntent(test.ledger, contain[0].id, { actor: ACTOR, result: {} });
});
afterEach(async () => await test.close());

const claimNotice = async () => (await test.ledger.claimIntents({ actor: ACTOR, kinds: ['notify'], limit: 1, leaseSeconds: 60 }))[0];
const messages = async () => (await test.ledger.checkSources(ACTOR)).messages;

async function giveUp(): Promise<string> {
	const { id } = await claimNotice();
	await test.ledger.recordStep(id, { webexMessageId: 'm1' }, ACTOR);
	await failIntent(test.ledger, id, 'ServiceNow: 403 ACL', ACTOR);
	return id;
}

it('a notice that is given up raises an alarm that says of whom, why, and what was sent', async () => {
	const id = await giveUp();
	const [message] = await messages();
	expect(message).toMatchObject({
		event: 'raised',
		alarmKeys: [`notice:${id}`],
		title: 'People were not told everything: pc1 was contained',
		text: expect.stringContaining('given up after its last try: ServiceNow: 403 ACL') as string,
		facts: { Sent: 'Webex message' },
	});
	await test.ledger.confirmAlarms(message.alarmKeys, 'raised', ACTOR);
	expect(await messages()).toEqual([]);
	expect(await test.ledger.getAlarms()).toMatchObject([{ kind: 'notice', told: true }]);
});

it('also when nobody was there to report the last failure', async () => {
	await claimNotice();
	test.clock.nowMs += MINUTE_MS;
	await claimNotice();
	expect(await messages()).toMatchObject([{ text: expect.stringContaining('The lease of the last attempt ended') as string, facts: { Sent: 'nothing' } }]);
});

it('the alarm is over when the notice is retried, and comes again when that fails, too', async () => {
	const id = await giveUp();
	const [message] = await messages();
	await test.ledger.confirmAlarms(message.alarmKeys, 'raised', ACTOR);
	await test.ledger.retryIntent(id, PERSON, 'The ACL is right now');
	expect(await messages()).toMatchObject([{ event: 'cleared', alarmKeys: [`notice:${id}`] }]);
	await test.ledger.confirmAlarms(message.alarmKeys, 'cleared', ACTOR);
	await giveUp();
	expect(await messages()).toMatchObject([{ event: 'raised', alarmKeys: [`notice:${id}`] }]);
});

import type { AlarmMessage, Intent, Notice } from './api';
import { report, type Finding } from './alarms';
import type { Change } from './change';
import type { IntentRow } from './store/store';

/** More than anybody reads one by one; `report` sums them up. */
const MAX_UNDELIVERED = 10_000;

const NEWS: Record<Notice['event'], string> = {
	contained: 'was contained',
	released: 'was released',
	approvalRequested: 'waited for an approval',
	approvalExpired: 'was not contained, as nobody approved in time',
	escalated: 'kept raising detections while it was contained',
	failed: 'could not be contained or released',
};

/** Keeps an alarm for each notice that was given up, until somebody retries it. */
export async function reportUndelivered(change: Change): Promise<AlarmMessage[]> {
	const { rows } = await change.tx.findIntents({ kind: 'notify', state: 'failed', limit: MAX_UNDELIVERED, offset: 0 });
	return await report(change, 'notice:', rows.map(findingOf));
}

function findingOf({ intent }: IntentRow): Finding {
	const { id, host, episodeId, lastError } = intent;
	const name = host.hostnames[0] ?? host.macs[0] ?? host.users[0] ?? host.ips[0] ?? 'A host';
	return {
		key: `notice:${id}`,
		kind: 'notice',
		subject: name,
		title: `People were not told everything: ${name} ${NEWS[(intent.notice as Notice).event]}`,
		text: `The notice was given up after its last try: ${lastError}. What was sent until then is not sent again. Remove the cause, and retry the notice in the console.`,
		facts: { Episode: episodeId, Sent: sent(intent) },
	};
}

function sent({ steps }: Intent): string {
	const found = [steps.webexMessageId && 'Webex message', steps.serviceNowSysId && 'ServiceNow incident'].filter(Boolean);
	return found.join(', ') || 'nothing';
}

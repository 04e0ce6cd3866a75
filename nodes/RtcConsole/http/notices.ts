import { ACTIONS, isActionName, type ActionName } from '../actions/catalogue';
import { notice } from '../view/components';
import { html, type Markup } from '../view/html';
import { checkToken, issueToken } from './token';

/** A notice is shown so long after the action; the page may be loaded again meanwhile. */
const NOTICE_MS = 30_000;
const SEPARATOR = '~';

/** A word about an action for the address of the next page. Signed, so that no link can put words on the page. */
export function noticeFor(secret: string, user: string, action: ActionName, subject: string, nowMs: number): string {
	const shown = subject.slice(0, 120);
	return [action, issueToken(secret, scope(user, action, shown), nowMs), shown].join(SEPARATOR);
}

/** The notice of an address; nothing when it is old, somebody else's or made up. */
export function noticeIn(secret: string, user: string, text: string | undefined, nowMs: number): Markup | undefined {
	const [action = '', token = '', ...rest] = (text ?? '').split(SEPARATOR);
	const subject = rest.join(SEPARATOR);
	if (!isActionName(action)) return undefined;
	const verdict = checkToken(secret, scope(user, action, subject), token, nowMs);
	if (!verdict.ok || nowMs - verdict.issuedMs > NOTICE_MS) return undefined;
	return notice('good', html`<strong>${ACTIONS[action].title}</strong>${subject !== '' && html` <span class="key">${subject}</span>`}: handed to the workflow. The state follows in a moment; what the workflow could not do is in n8n's executions.`);
}

function scope(user: string, action: string, object: string) {
	return { user, action: `notice:${action}`, object };
}

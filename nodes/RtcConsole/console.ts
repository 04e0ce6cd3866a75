import type { LedgerService } from '../../ledger/service';
import { ACTIONS, type ActionName } from './actions/catalogue';
import { reaches } from './actions/fields';
import { isolationRefusal } from './actions/isolation';
import { authorise, readRequest, type ActionRequest } from './actions/request';
import { addressOf, readAddress, withNotice, type Address } from './http/address';
import type { BodyResult } from './http/body';
import { noticeFor, noticeIn } from './http/notices';
import { fileReply, newNonce, pageReply, securityHeaders, seeOther, type Reply } from './http/reply';
import type { Caller, SignIn, SignInDesk } from './http/signIn';
import type { ConsoleSettings } from './http/settings';
import { CLOCK_SKEW_MS, issueToken } from './http/token';
import type { ConsolePage, ConsoleUser, PageContext, Pivots } from './pages/page';
import { notice, time } from './view/components';
import { html, type Markup } from './view/html';
import { layout } from './view/layout';

export interface ConsoleRequest extends Caller {
	method: string;
	query: URLSearchParams;
	body(): Promise<BodyResult>;
}

export interface ConsoleParts {
	pages: readonly ConsolePage[];
	settings: ConsoleSettings;
	desk: SignInDesk;
	ledger: LedgerService;
	pivots: Pivots;
	/** Of the workflow behind the console, for the audit trail. */
	execution?: string;
	now(): number;
}

export interface ConsoleAnswer {
	reply: Reply;
	/** For the workflow behind the console. */
	request?: ActionRequest;
}

const FORM_TYPE = 'application/x-www-form-urlencoded';
const BODY_PROBLEMS: Record<400 | 408 | 413, string> = {
	400: 'The form did not arrive in full.',
	408: 'The form took too long to arrive.',
	413: 'The form is larger than 64 kB.',
};

/** Answers a request to the console. Reads the ledger; the only things it writes are audit records. */
export async function answer(parts: ConsoleParts, request: ConsoleRequest): Promise<ConsoleAnswer> {
	const signIn = await parts.desk.signIn(parts.settings, request, parts.now());
	if (!('user' in signIn)) return { reply: await turnedAway(parts, request, signIn) };
	if (!['GET', 'HEAD', 'POST'].includes(request.method)) {
		return await refuse(parts, signIn.user, 405, 'The console answers GET, HEAD and POST only.', { close: true, headers: { allow: 'GET, HEAD, POST' } });
	}
	if (request.method === 'POST') return await post(parts, request, signIn.user);
	return { reply: await show(parts, signIn.user, readAddress(request.query, parts.pages[0].path)) };
}

async function turnedAway(parts: ConsoleParts, { address, method }: ConsoleRequest, { status, retryAfterSeconds, lockedOut }: Exclude<SignIn, { user: ConsoleUser }>): Promise<Reply> {
	if (lockedOut !== undefined) {
		await parts.ledger.note({ name: lockedOut }, 'console.lockedOut', `user:${lockedOut}`, { address, seconds: retryAfterSeconds });
	}
	const texts = {
		401: 'Sign in with your name and password.',
		429: `Too many failed sign-ins. Try again in ${retryAfterSeconds ?? 0} seconds.`,
		503: 'Too many sign-ins at once. Try again in a moment.',
	};
	const reply = problemPage(parts, undefined, status, texts[status], {
		...(status === 401 && { 'www-authenticate': 'Basic realm="RTC Console", charset="UTF-8"' }),
		...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
	});
	return ['GET', 'HEAD'].includes(method) ? reply : { ...reply, close: true };
}

async function show(parts: ConsoleParts, user: ConsoleUser, address: Address, posted?: URLSearchParams): Promise<Reply> {
	const page = parts.pages.find(({ path }) => path === address.page);
	if (!page) return problemPage(parts, user, 404, 'There is no such page.');
	if (!reaches(user.role, page.role)) return problemPage(parts, user, 403, `This page needs the role ${page.role}.`);
	const content = await page.content({ ...contextOf(parts, user, address), ...(posted && { posted }) });
	if (!content) return problemPage(parts, user, 404, 'The ledger knows nothing by that name.');
	if ('fileName' in content) return fileReply(content.fileName, content.contentType, content.lines);
	const nonce = newNonce();
	const notices = noticeIn(parts.settings.signingSecret, user.name, address.notice, parts.now());
	const { title, body, refreshSeconds, status = 200 } = content;
	return pageReply(status, framed(parts, user, { title, body, nonce, notices, refreshSeconds, current: page.path }), nonce);
}

async function post(parts: ConsoleParts, request: ConsoleRequest, user: ConsoleUser): Promise<ConsoleAnswer> {
	const type = String(request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
	if (type !== FORM_TYPE) return await refuse(parts, user, 415, `The console takes forms (${FORM_TYPE}) only.`, { close: true });
	const body = await request.body();
	if (!('text' in body)) return await refuse(parts, user, body.status, BODY_PROBLEMS[body.status], { close: true });
	const form = new URLSearchParams(body.text);
	const back = readAddress(request.query, parts.pages[0].path);
	const drafts = parts.pages.find(({ path }) => path === back.page)?.drafts;
	if (drafts && back.segments[0] === drafts.segment && form.has('do')) return await look(parts, user, back, form, drafts.action);
	const read = readRequest(form, user, parts.settings.signingSecret, parts.now());
	if (!('request' in read)) return await refuse(parts, user, read.status, read.problem, read);
	const accepted = read.request;
	const isolation = await isolationRefusal(parts.ledger, accepted);
	if (isolation) return await refuse(parts, user, isolation.status, isolation.problem, accepted);
	const outdated = await outdatedProblem(parts.ledger, accepted);
	if (outdated) return await refuse(parts, user, 409, outdated, accepted);
	if (!(await noted(parts, accepted))) {
		return await refuse(parts, user, 409, 'This form was sent before; it was done once and is not done again.', accepted);
	}
	const word = noticeFor(parts.settings.signingSecret, user.name, accepted.action, accepted.subject, parts.now());
	return { reply: seeOther(withNotice(back, word)), request: accepted };
}

/** A form that asks to see something before it is done: its page is shown with it, and nothing is changed. */
async function look(parts: ConsoleParts, user: ConsoleUser, address: Address, form: URLSearchParams, action: ActionName): Promise<ConsoleAnswer> {
	const allowed = authorise(form, user, parts.settings.signingSecret, parts.now());
	if ('problem' in allowed) return await refuse(parts, user, allowed.status, allowed.problem, allowed);
	if (allowed.action !== action) return await refuse(parts, user, 400, 'This page takes no such form.', allowed);
	return { reply: await show(parts, user, address, form) };
}

/** Why a change of the policy comes too late: somebody else's came first. The ledger itself makes sure of it once more. */
async function outdatedProblem(ledger: LedgerService, { object }: ActionRequest): Promise<string | undefined> {
	if (object.type !== 'policy') return undefined;
	const { version, createdBy } = await ledger.getPolicy();
	if (version === object.version) return undefined;
	return `The policy was changed meanwhile: the form started from version ${object.version}, and version ${version} by ${createdBy} is active now. Compare them in the history, and make the change anew.`;
}

/** Puts the action in the audit trail; `false` when its form was sent before. */
async function noted({ ledger, execution }: ConsoleParts, { action, subject, fields, actor, requestId, drawnMs }: ActionRequest): Promise<boolean> {
	const { policy: _policy, ...shown } = fields;
	const once = { id: requestId, sinceMs: drawnMs - CLOCK_SKEW_MS };
	return await ledger.note({ name: actor.name, ...(execution && { execution }) }, `console.${action}`, subject, { role: actor.role, fields: shown }, once);
}

async function refuse(
	parts: ConsoleParts,
	user: ConsoleUser,
	status: number,
	problem: string,
	{ action, subject, close, headers }: { action?: string; subject?: string; close?: boolean; headers?: Record<string, string> },
): Promise<ConsoleAnswer> {
	await parts.ledger.note({ name: user.name }, 'console.refused', subject || `user:${user.name}`, { status, problem, ...(action && { action }) });
	return { reply: { ...problemPage(parts, user, status, problem, headers), ...(close && { close }) } };
}

function problemPage(parts: Pick<ConsoleParts, 'pages' | 'now'>, user: ConsoleUser | undefined, status: number, problem: string, headers: Record<string, string> = {}): Reply {
	const nonce = newNonce();
	const body = html`${notice('bad', problem)}<p><a class="button" href="${addressOf(parts.pages[0].path)}">Back to the console</a></p>`;
	return pageReply(status, framed(parts, user, { title: TITLES[status] ?? 'Refused', body, nonce }), nonce, headers);
}

const TITLES: Record<number, string> = {
	401: 'Sign in', 403: 'Not allowed', 404: 'Not found', 405: 'Not allowed', 408: 'Too slow', 409: 'Not done', 413: 'Too large',
	415: 'Not a form', 429: 'Locked out', 500: 'Not set up', 503: 'Busy',
};

/** A plain answer for a console that cannot work at all, e.g. because its credential is not complete. */
export function notSetUp(problem: string): Reply {
	return { status: 500, headers: { ...securityHeaders(), 'content-type': 'text/plain; charset=utf-8' }, body: `RTC Console: ${problem}\n` };
}

function framed(
	{ pages, now }: Pick<ConsoleParts, 'pages' | 'now'>,
	user: ConsoleUser | undefined,
	{ current, ...content }: { title: string; body: Markup; nonce: string; notices?: Markup; refreshSeconds?: number; current?: string },
): string {
	const seen = user ? pages.filter(({ navigation, role }) => navigation !== undefined && reaches(user.role, role)) : [];
	const navigation = seen.map(({ path, navigation: text }) => ({ href: addressOf(path), text: text as string, current: path === current }));
	return layout({ ...content, navigation, user, now: time(new Date(now()).toISOString()) }).text;
}

function contextOf({ ledger, settings, pivots, now }: ConsoleParts, user: ConsoleUser, address: Address): PageContext {
	const nowMs = now();
	const may: PageContext['may'] = (action) => reaches(user.role, ACTIONS[action].role);
	return {
		ledger,
		nowMs,
		user,
		segments: address.segments,
		query: address.query,
		href: addressOf,
		may,
		pivots,
		form(action, object, { fields = {}, body }) {
			if (!may(action)) return html``;
			const token = issueToken(settings.signingSecret, { user: user.name, action, object }, nowMs);
			const hidden = Object.entries({ ...fields, action, object, token });
			return html`<form class="action" method="post" action="?${withNotice(address).toString()}">${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}${body}</form>`;
		},
	};
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { RateLimit } from '../../shared/rateLimit';
import type { ConsoleUser } from '../pages/page';
import { Lockout } from './lockout';
import { verifyPassword } from './password';
import type { ConsoleSettings, KnownUser } from './settings';

/** What comes with a request to tell who sent it. */
export interface Caller {
	/** Header names in lower case. */
	headers: Record<string, string | string[] | undefined>;
	address: string;
}

export type SignIn =
	| { user: ConsoleUser }
	/** Not signed in. `knownUser`: somebody tried as a user that exists, and is locked out now. */
	| { status: 401 | 429 | 503; retryAfterSeconds?: number; lockedOut?: string };

/** How long after its last use a password that was right is not derived again. */
const REMEMBERED_MS = 5 * 60_000;
const MAX_REMEMBERED = 1_000;
/** Deriving a key takes memory and one of the four threads that files and host names need too. */
const MAX_AT_A_TIME = 2;
const MAX_WAITING = 32;
const MINUTE_MS = 60_000;
/** Sign-ins from one address that failed or may fail yet, whatever their names. */
const MAX_FAILURES_PER_MINUTE = 20;

/** Tells who sends a request, by HTTP Basic or by a proxy's header. One per process: it remembers failures. */
export class SignInDesk {
	private readonly lockout = new Lockout();
	/** Of names that nobody has, apart: made-up names can't push out what is known of real ones. */
	private readonly strangers = new Lockout();
	private readonly addresses = new RateLimit(MINUTE_MS);
	/** Keyed digests of names and passwords that were right; worth nothing outside this process. */
	private readonly remembered = new Map<string, number>();
	private readonly key = randomBytes(32);
	private running = 0;
	private readonly waiting: (() => void)[] = [];

	async signIn(settings: ConsoleSettings, caller: Caller, nowMs: number): Promise<SignIn> {
		const proxied = this.byProxy(settings, caller);
		if (proxied) return proxied;
		const basic = basicCredentials(caller.headers.authorization);
		if (!basic) return { status: 401 };
		return await this.byPassword(settings, caller, basic, nowMs);
	}

	private byProxy({ proxy, users }: ConsoleSettings, { headers }: Caller): SignIn | undefined {
		if (!proxy) return undefined;
		const [secret, name] = [headers[proxy.secretHeader], headers[proxy.userHeader]];
		if (typeof secret !== 'string' || typeof name !== 'string') return undefined;
		if (!this.sameText(secret, proxy.secret)) return undefined;
		const user = users.get(name);
		return user ? signedIn(user) : { status: 401 };
	}

	private async byPassword(settings: ConsoleSettings, { address }: Caller, { name, password }: Basic, nowMs: number): Promise<SignIn> {
		const user = settings.users.get(name);
		const lockout = user ? this.lockout : this.strangers;
		const waitMs = lockout.waitMs(name, address, nowMs);
		if (waitMs > 0) return tooMany(waitMs);
		const digest = this.digest(settings.fingerprint, name, password);
		if (user && this.remembers(digest, nowMs)) return signedIn(user);
		if (this.waiting.length >= MAX_WAITING) return { status: 503, retryAfterSeconds: 5 };
		const fails = (atLeastMs: number) => failed(lockout.failed(name, address, nowMs), atLeastMs, user);
		const addressWaitMs = this.addresses.take(address, MAX_FAILURES_PER_MINUTE, nowMs) * 1_000;
		// Counts for the name all the same: else a password that is remembered could be guessed without end.
		if (addressWaitMs > 0) return fails(addressWaitMs);
		return await lockout.during(name, address, async () => {
			const right = await this.inTurn(() => verifies(user, password, settings));
			if (!user || !right) return fails(0);
			lockout.succeeded(name, address);
			this.addresses.giveBack(address);
			this.remember(digest, nowMs);
			return signedIn(user);
		});
	}

	/** Whether the password was right lately; if so, it is remembered for longer. */
	private remembers(digest: string, nowMs: number): boolean {
		const isRemembered = (this.remembered.get(digest) ?? 0) > nowMs;
		if (isRemembered) this.remember(digest, nowMs);
		return isRemembered;
	}

	private remember(digest: string, nowMs: number): void {
		this.remembered.delete(digest);
		this.remembered.set(digest, nowMs + REMEMBERED_MS);
		const oldest = this.remembered.keys().next();
		if (this.remembered.size > MAX_REMEMBERED && !oldest.done) this.remembered.delete(oldest.value);
	}

	private digest(...parts: string[]): string {
		return createHmac('sha256', this.key).update(JSON.stringify(parts)).digest('base64url');
	}

	private sameText(one: string, other: string): boolean {
		return timingSafeEqual(Buffer.from(this.digest(one)), Buffer.from(this.digest(other)));
	}

	private async inTurn<T>(work: () => Promise<T>): Promise<T> {
		if (this.running >= MAX_AT_A_TIME) await new Promise<void>((resolve) => this.waiting.push(resolve));
		else this.running++;
		try {
			return await work();
		} finally {
			const next = this.waiting.shift();
			if (next) next();
			else this.running--;
		}
	}
}

function signedIn({ name, role }: KnownUser): SignIn {
	return { user: { name, role } };
}

function tooMany(waitMs: number): SignIn & { status: 429 } {
	return { status: 429, retryAfterSeconds: Math.ceil(waitMs / 1_000) };
}

function failed(lockMs: number, atLeastMs: number, user: KnownUser | undefined): SignIn {
	const waitMs = Math.max(lockMs, atLeastMs);
	if (waitMs === 0) return { status: 401 };
	return { ...tooMany(waitMs), ...(lockMs > 0 && user && { lockedOut: user.name }) };
}

/** For a name that nobody has, the work of a user who exists is done, so that time tells no names. */
async function verifies(user: KnownUser | undefined, password: string, { users }: ConsoleSettings): Promise<boolean> {
	const model = user?.password ?? [...users.values()].find((other) => other.password)?.password;
	if (!model) return false;
	const right = await verifyPassword(password, model);
	return right && user?.password !== undefined;
}

interface Basic {
	name: string;
	password: string;
}

function basicCredentials(header: string | string[] | undefined): Basic | undefined {
	const match = typeof header === 'string' ? /^Basic ([A-Za-z0-9+/=]{1,2000})$/i.exec(header) : null;
	if (!match) return undefined;
	const text = Buffer.from(match[1], 'base64').toString('utf8');
	const colon = text.indexOf(':');
	return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

import { createHash } from 'node:crypto';
import { ROLES, type Role } from '../pages/page';
import { canonicalName, parseHash, type PasswordHash } from './password';

/** Fields of the credential `ciscoRtcConsoleApi`. */
export interface ConsoleCredential {
	users: { user?: { name?: string; role?: string; passwordHash?: string }[] };
	signingSecret: string;
	trustProxy?: boolean;
	proxyProofHeader?: string;
	proxySecret?: string;
	proxyUserHeader?: string;
}

/** Who may use the console, and the secret that signs its tokens. */
export interface ConsoleSettings {
	users: ReadonlyMap<string, KnownUser>;
	signingSecret: string;
	/** Set when a reverse proxy signs people in. */
	proxy: { secretHeader: string; secret: string; userHeader: string } | undefined;
	/** Changes whenever the settings do. */
	fingerprint: string;
}

export interface KnownUser {
	name: string;
	role: Role;
	/** Without one, a user can only come through the proxy. */
	password: PasswordHash | undefined;
}

const MIN_SECRET = 32;
const USER_NAME = /^[^\s:\p{Cc}][^:\p{Cc}]{0,63}$/u;
const HEADER_NAME = /^[a-z0-9-]+$/;

/** The credential is not usable; the message says which field is wrong, without its value. */
export class SettingsError extends Error {}

/** @throws SettingsError */
export function consoleSettings(credential: ConsoleCredential): ConsoleSettings {
	const secret = credential.signingSecret ?? '';
	if (secret.length < MIN_SECRET) throw new SettingsError(`"Signing Secret" needs at least ${MIN_SECRET} characters`);
	const proxy = credential.trustProxy ? proxyOf(credential) : undefined;
	const users = new Map<string, KnownUser>();
	for (const entry of credential.users?.user ?? []) {
		const user = knownUser(entry, proxy !== undefined);
		if ([...users.keys()].some((name) => canonicalName(name) === canonicalName(user.name))) throw new SettingsError(`"Users" has the name ${user.name} twice`);
		users.set(user.name, user);
	}
	if (users.size === 0) throw new SettingsError('"Users" is empty: add at least one');
	const fingerprint = createHash('sha256').update(JSON.stringify(credential)).digest('base64url');
	return { users, signingSecret: secret, proxy, fingerprint };
}

function knownUser(
	{ name = '', role = '', passwordHash = '' }: { name?: string; role?: string; passwordHash?: string },
	proxied: boolean,
): KnownUser {
	const bare = name.trim();
	if (!USER_NAME.test(bare)) throw new SettingsError('A name in "Users" is empty, longer than 64 characters, or has a colon in it');
	if (!ROLES.includes(role as Role)) throw new SettingsError(`The role of ${bare} must be one of ${ROLES.join(', ')}`);
	if (passwordHash.trim() === '' && proxied) return { name: bare, role: role as Role, password: undefined };
	const password = parseHash(bare, passwordHash);
	if ('problem' in password) throw new SettingsError(`User ${bare}: ${password.problem}`);
	return { name: bare, role: role as Role, password };
}

function proxyOf(credential: ConsoleCredential): ConsoleSettings['proxy'] {
	const secretHeader = (credential.proxyProofHeader ?? '').trim().toLowerCase();
	const userHeader = (credential.proxyUserHeader ?? '').trim().toLowerCase();
	const secret = credential.proxySecret ?? '';
	if (secret.length < MIN_SECRET) throw new SettingsError(`"Proxy Secret" needs at least ${MIN_SECRET} characters`);
	for (const header of [secretHeader, userHeader]) {
		if (!HEADER_NAME.test(header)) throw new SettingsError('The proxy header names must be made of letters, digits and dashes');
	}
	return { secretHeader, secret, userHeader };
}

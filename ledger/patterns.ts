import { computerOf, splitUser, type IdentityRules } from './entity';

type Domains = Pick<IdentityRules, 'keepUserDomain' | 'keepHostnameDomain'>;

/**
 * A pattern with `*` in the form that keys have: MACs in upper-case colon form, domains stripped or kept as the policy says.
 *
 * @returns `undefined` for what can't be a MAC, and for a domain alone where domains are stripped: it would match everything
 */
export function canonicalPattern(type: string, value: string, domains: Domains): string | undefined {
	const pattern = value.trim();
	if (type === 'mac') return macPattern(pattern);
	const name = type === 'hostname' ? hostnamePattern(pattern, domains) : type === 'user' ? userPattern(pattern, domains) : pattern;
	return isAnything(name) && !isAnything(pattern) ? undefined : name;
}

function hostnamePattern(pattern: string, { keepHostnameDomain }: Domains): string {
	const name = computerOf(pattern);
	return keepHostnameDomain ? name : name.split('.')[0];
}

function userPattern(pattern: string, { keepUserDomain }: Domains): string {
	const [account, domain] = splitUser(pattern);
	return keepUserDomain && domain !== '' ? `${account}@${domain}` : account;
}

/** What stands before the first `*` is paired from its beginning, everything else from its end. */
function macPattern(pattern: string): string | undefined {
	const parts = pattern.toUpperCase().split('*').map((part) => part.replace(/[:. -]/g, ''));
	if (!parts.every((part) => /^[\dA-F]*$/.test(part))) return undefined;
	return parts.map((part, index) => (index === 0 ? pairs(part) : pairsFromEnd(part))).join('*');
}

function pairs(hex: string): string {
	return hex.replace(/(..)(?=.)/g, '$1:');
}

function pairsFromEnd(hex: string): string {
	return hex.replace(/(?<=.)(?=(..)+$)/g, ':');
}

function isAnything(pattern: string): boolean {
	return /^\**$/.test(pattern);
}

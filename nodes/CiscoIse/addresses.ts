import { listParameter } from '../shared/identity';

/**
 * Whether a session belongs to the user that was asked for. A name without domain (`jdoe`) also means
 * `CORP\\jdoe` and `jdoe@corp.example`; a name with domain means only itself.
 */
export function isSameUser(asked: string, sessionUser: string): boolean {
	const [wanted, actual] = [asked.toLowerCase(), sessionUser.toLowerCase()];
	const person = withoutMachine(actual);
	return [actual, person, accountOf(person)].includes(wanted);
}

/** With EAP chaining ISE names the user and the machine: `CORP\\jdoe,host/PC1.corp.example`. */
function withoutMachine(user: string): string {
	return user.replace(/,\s*(?:host\/[^,]*|[^,]*\$)$/, '').replace(/^(?:host\/[^,]*|[^,]*\$),\s*/, '');
}

function accountOf(user: string): string {
	return user.slice(user.lastIndexOf('\\') + 1).split('@')[0];
}

/** Addresses from a parameter: one, several in text (also as a JSON array), or an array. */
export function addressList(value: unknown): string[] {
	return listParameter(value, /[\s,;"'[\]]+/);
}

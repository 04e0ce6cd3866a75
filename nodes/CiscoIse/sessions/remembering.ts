import type { SessionDirectory } from './directory';

/** The same directory, asked at most once for each address; what failed is asked again. */
export function remembering(directory: SessionDirectory): SessionDirectory {
	const byMac = remember((mac: string) => directory.byMac(mac));
	const byIp = remember((ip: string) => directory.byIp(ip));
	const byUser = remember((userName: string) => directory.byUser(userName));
	const active = remember(() => directory.active());
	return { byMac, byIp, byUser, active: async () => await active('') };
}

/** Answers by key, asked for at most once; what failed is asked again. */
export function remember<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
	const answers = new Map<string, Promise<T>>();
	return async (key) => {
		const known = answers.get(key);
		if (known) return await known;
		const answer = ask(key);
		answers.set(key, answer);
		answer.catch(() => answers.delete(key));
		return await answer;
	};
}

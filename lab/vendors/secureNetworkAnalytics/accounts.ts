/** Tenant ("domain") of the lab's manager. */
export const TENANT = { id: 102, displayName: 'corp.example' };

/** A local user of the manager. */
export interface Account {
	id: number;
	username: string;
	/** With characters that break a login whose form was not URL-encoded. */
	password: string;
	fullName: string;
	readOnly: boolean;
}

export const FULL_ACCOUNT: Account = {
	id: 101,
	username: 'rtc-api',
	password: 'Lab&SNA+2026=100%25',
	fullName: 'Rapid Threat Containment',
	readOnly: false,
};

export const READ_ONLY_ACCOUNT: Account = {
	id: 102,
	username: 'rtc-reader',
	password: 'Read&only+2026',
	fullName: 'Rapid Threat Containment (reports only)',
	readOnly: true,
};

export const ACCOUNTS: readonly Account[] = [FULL_ACCOUNT, READ_ONLY_ACCOUNT];

/** The user with this name and password, or undefined. */
export function findAccount(username: string, password: string): Account | undefined {
	return ACCOUNTS.find((account) => account.username === username && account.password === password);
}

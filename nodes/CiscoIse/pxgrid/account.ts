/** States of an account, as `AccountActivate` tells them. */
export type AccountState = 'INIT' | 'PENDING' | 'ENABLED' | 'DISABLED';

const ADVICE: Record<Exclude<AccountState, 'ENABLED'>, string> = {
	INIT: 'The account is not activated yet: test it again in a moment.',
	PENDING:
		'The account waits for approval: approve it in Cisco ISE under Administration > pxGrid Services > Client Management, then test again.',
	DISABLED:
		'The account is disabled: enable it in Cisco ISE under Administration > pxGrid Services > Client Management.',
};

/** What to do about the state of an account; `undefined` when it can be used. */
export function accountAdvice(state: AccountState): string | undefined {
	return state === 'ENABLED' ? undefined : ADVICE[state];
}

/** The controllers answer 403 to an account in any other state than `ENABLED`. */
export const NOT_ENABLED =
	'The account waits for approval or is disabled: look it up in Cisco ISE under Administration > pxGrid Services > Client Management, or run "pxGrid Account: Activate".';

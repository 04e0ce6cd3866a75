export type LedgerErrorCode =
	| 'notFound'
	| 'invalidTarget'
	| 'invalidValue'
	| 'protected'
	| 'expired'
	| 'notAwaitingApproval'
	| 'ownApproval'
	| 'alreadyApproved'
	| 'releaseUnderWay'
	| 'keyReused'
	| 'notClaimed'
	| 'leaseLost'
	| 'notRetryable'
	| 'notContained'
	| 'alreadyContained'
	| 'auditBroken'
	| 'policyChanged'
	| 'notEmpty'
	| 'invalidImport'
	| 'busy'
	| 'refused'
	| 'unavailable'
	| 'closed'
	| 'newerSchema';

/** The ledger says no: `code` for programs, the message for people. */
export class LedgerError extends Error {
	constructor(
		readonly code: LedgerErrorCode,
		message: string,
	) {
		super(message);
		this.name = 'LedgerError';
	}
}

/** One thing wrong with a policy. `path` is the JSON path of the field, e.g. `rules[3].penalty`. */
export interface PolicyProblem {
	path: string;
	problem: string;
}

/** A policy that cannot be used. Lists every problem, not just the first. */
export class PolicyError extends Error {
	constructor(readonly problems: PolicyProblem[]) {
		super(`The policy is not valid: ${problems.map(({ path, problem }) => `${path || 'policy'} ${problem}`).join('; ')}`);
		this.name = 'PolicyError';
	}
}

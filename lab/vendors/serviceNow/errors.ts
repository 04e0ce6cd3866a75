import type { LabResponse } from '../../machine/vendor';
import { Refusal } from '../shared/refusal';

/** A refusal in ServiceNow's shape: `message` and, apart, `detail`. */
export class NowRefusal extends Refusal {
	constructor(
		status: number,
		readonly headline: string,
		readonly explanation: string | null,
		violation?: string,
	) {
		super(status, headline, violation);
	}
}

export function notAuthenticated(): NowRefusal {
	return new NowRefusal(
		401,
		'User Not Authenticated',
		'Required to provide Auth information',
		'no account or live token of this instance',
	);
}

export function noRecord(): NowRefusal {
	return new NowRefusal(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
}

export function invalidTable(table: string): NowRefusal {
	return new NowRefusal(400, `Invalid table ${table}`, null, `there is no table ${table}`);
}

export function badRequest(headline: string, explanation: string | null = null): NowRefusal {
	return new NowRefusal(400, headline, explanation, explanation ? `${headline}: ${explanation}` : headline);
}

export function notAllowed(operation: string): NowRefusal {
	return new NowRefusal(
		403,
		'Operation Failed',
		`ACL Exception ${operation} Failed due to security constraints`,
		`the account may not do this: ${operation}`,
	);
}

/** The answer for a thrown refusal; other errors go on. */
export function refusalAnswer(error: unknown): LabResponse {
	if (!(error instanceof NowRefusal)) throw error;
	const { status, headline, explanation, violation } = error;
	return {
		status,
		headers: status === 401 ? { 'WWW-Authenticate': 'BASIC realm="Service-now"' } : {},
		body: { error: { message: headline, detail: explanation }, status: 'failure' },
		...(violation && { violation }),
	};
}

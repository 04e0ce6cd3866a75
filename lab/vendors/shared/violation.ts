import type { LabResponse } from '../../machine/vendor';

/** Adds what the caller did wrong to a response, keeping what was already noted. */
export function withViolation(response: LabResponse, violation: string | undefined): LabResponse {
	if (!violation) return response;
	return { ...response, violation: response.violation ? `${response.violation}; ${violation}` : violation };
}

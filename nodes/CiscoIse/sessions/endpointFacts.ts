import { outcomeOf } from '../transport/nodeGroup';
import type { EndpointRecords, Filing } from './endpointRecords';
import type { Session } from './session';

/** What protected entries can be about; `null` what could not be read. */
export type EndpointFacts = { [Fact in keyof Filing]: string[] | null };

/**
 * Endpoint profiles and identity groups by sessions and records together: the group of a session may be the one of its
 * user, and pxGrid tells none.
 *
 * @param records where the node has an account for ERS
 * @param macs of everything that is asked about, with a session or without
 */
export async function endpointFacts(
	records: EndpointRecords | undefined,
	sessions: readonly Session[],
	macs: readonly string[],
): Promise<EndpointFacts> {
	const profiles = sessions.map(({ endpointProfile }) => endpointProfile);
	const groups = sessions.map(({ identityGroup }) => identityGroup);
	const filed = records && (await outcomeOf(records(macs)));
	if (filed && 'answer' in filed) {
		return {
			endpointProfiles: named([...profiles, ...filed.answer.endpointProfiles]),
			identityGroups: named([...groups, ...filed.answer.identityGroups]),
		};
	}
	return { endpointProfiles: profiles.includes(null) ? null : named(profiles), identityGroups: null };
}

function named(names: readonly (string | null)[]): string[] {
	return [...new Set(names.filter((name) => name !== null))];
}

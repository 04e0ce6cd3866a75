/** The parts of `GET /_lab/state` that a run is judged by: the vendors' side of the story. */
export interface LabState {
	violations: number;
	rateLimited: number;
	labErrors: number;
	scenario: {
		expectations: { contain: string[]; mayContain: string[]; maxAutomatic: number; text: string };
		failures: string[];
	};
	world: { hosts: { hostname: string; connectorGuid?: string; nics: { mac: string }[] }[] };
	vendors: {
		ise: { ancBindings: { mac: string; policy: string; hostname: string; inForce: boolean }[] };
		secureEndpoint: { events: { total: number }; isolation: { connectorGuid: string; hostname: string; status: string }[] };
		webex: { messages: { attachments?: { content: object }[]; markdown?: string }[] };
		serviceNow: { incidents: Incident[] };
	};
}

interface Incident {
	number: string;
	correlation_id: string;
	short_description: string;
	work_notes: { value: string }[];
}

export interface Verdict {
	held: boolean;
	/** One sentence for each expectation that did not hold. */
	failures: string[];
	contained: string[];
	cards: number;
	incidents: number;
}

/**
 * Holds what the vendors received against what the scenario expects.
 *
 * @param containedEpisodes number of episodes that the ledger says are or were contained
 */
export function judge(state: LabState, containedEpisodes: number): Verdict {
	const { ise, serviceNow, webex } = state.vendors;
	const contained = [...new Set(ise.ancBindings.map(({ hostname }) => hostname))].sort();
	const cards = webex.messages.filter(isContainmentCard).length;
	const incidents = serviceNow.incidents.filter(isAboutContainment).length;
	const failures = [
		...missing(state, contained),
		...wrong(state, contained),
		...incompleteHosts(state, contained),
		...expectCount('Webex containment card', cards, containedEpisodes),
		...expectCount('ServiceNow incident', incidents, containedEpisodes),
		...toldTwice(state),
		...expectCount('rule violation in the journal', state.violations, 0),
		...expectCount('avoidable 429 in the journal', state.rateLimited, 0),
		...expectCount('defect of the lab', state.labErrors + state.scenario.failures.length, 0),
	];
	return { held: failures.length === 0, failures, contained, cards, incidents };
}

function missing({ scenario }: LabState, contained: string[]): string[] {
	return scenario.expectations.contain
		.filter((hostname) => !contained.includes(hostname))
		.map((hostname) => `${hostname} should be contained and is not`);
}

function wrong({ scenario }: LabState, contained: string[]): string[] {
	const { contain, mayContain, maxAutomatic } = scenario.expectations;
	const allowed = new Set([...contain, ...mayContain]);
	const others = contained.filter((hostname) => !allowed.has(hostname)).map((hostname) => `${hostname} must not be contained and is`);
	const tooMany = contained.length > maxAutomatic ? [`${contained.length} hosts are contained; at most ${maxAutomatic} may be`] : [];
	return [...others, ...tooMany];
}

/** Every network card bound, and the connector isolated. */
function incompleteHosts({ world, vendors }: LabState, contained: string[]): string[] {
	const bound = new Set(vendors.ise.ancBindings.map(({ mac }) => mac));
	const isolated = new Set(vendors.secureEndpoint.isolation.filter(({ status }) => status === 'isolated').map(({ connectorGuid }) => connectorGuid));
	return world.hosts
		.filter(({ hostname }) => contained.includes(hostname))
		.flatMap(({ hostname, nics, connectorGuid }) => [
			...nics.filter(({ mac }) => !bound.has(mac)).map(({ mac }) => `${hostname}: ${mac} is not bound to the ANC policy`),
			...(connectorGuid && !isolated.has(connectorGuid) ? [`${hostname}: the connector is not isolated`] : []),
		]);
}

/** An episode's incident carries the episode's id. */
function toldTwice({ vendors }: LabState): string[] {
	const ids = vendors.serviceNow.incidents.map(({ correlation_id: id }) => id);
	return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `Episode ${id} has a second incident`);
}

function expectCount(what: string, count: number, expected: number): string[] {
	return count === expected ? [] : [`${count} × ${what}, expected ${expected}`];
}

/** Incidents that were opened for an approval request or a failure count once the host was contained after all. */
function isAboutContainment({ short_description: title, work_notes: notes }: Incident): boolean {
	return [title, ...notes.map(({ value }) => value)].some((text) => text.includes('was contained'));
}

/** Cards for approval requests and failures don't count: they are not about a containment that took place. */
function isContainmentCard(message: LabState['vendors']['webex']['messages'][number]): boolean {
	return JSON.stringify(message.attachments ?? []).includes('was contained');
}

import { type Input, LabInputError, knownFieldsOnly } from '../machine/input';
import type { Lab } from '../machine/lab';
import type { Nic, WorldHost } from '../world/world';
import { Containments } from './containments';
import type { Report } from './reports';

/** `GET /_lab/host`: everything about one host. */
export interface HostDetail extends Omit<WorldHost, 'nics'> {
	id: number;
	nics: (Nic & { anc?: { policy: string; inForce: boolean; appliedAt: string } })[];
	isolation?: string;
	/** By vendor. */
	detections: Record<string, number>;
	/** Newest first. */
	reports: Report[];
}

const REPORTS = 10;

/** The host at position `id` of the overview; throws {@link LabInputError}. */
export function hostDetail(lab: Lab, input: Input): HostDetail {
	knownFieldsOnly(input, ['id']);
	const host = /^\d{1,6}$/.test(String(input.id)) ? lab.world.hosts[Number(input.id)] : undefined;
	if (host === undefined) {
		throw new LabInputError('id', '"id" must be the position of a host in GET /_lab/overview');
	}
	const containments = new Containments(lab.vendors);
	const bindings = containments.ancOf(host);
	const isolation = containments.isolationOf(host);
	return {
		...host,
		id: Number(input.id),
		nics: host.nics.map((nic, index) => ({ ...nic, ...ancOf(bindings[index]) })),
		...(isolation !== undefined && { isolation }),
		detections: lab.reports.detectionsOf(host),
		reports: lab.reports.newest(REPORTS, ({ hostname }) => lab.world.findByHostname(hostname) === host),
	};
}

function ancOf(binding: ReturnType<Containments['ancOf']>[number]) {
	if (binding === undefined) return {};
	const { policy, inForce, appliedAt } = binding;
	return { anc: { policy, inForce, appliedAt } };
}

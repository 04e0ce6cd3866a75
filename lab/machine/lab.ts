import { Reports } from '../portal/reports';
import { scenarios } from '../scenarios';
import type { Scenario } from '../scenarios/scenario';
import { SimulatedWorld } from '../world/simulatedWorld';
import type { CertificateAuthority } from './certificates';
import { OffsetClock } from './clock';
import { Exchange } from './exchange';
import { type Fault, Faults, readFault, vendorNamed } from './faults';
import {
	type Input,
	LabInputError,
	asInput,
	knownFieldsOnly,
	optionalNumber,
	optionalString,
	requiredNumber,
	requiredString,
	requiredStrings,
} from './input';
import { Journal } from './journal';
import { type Progress, Player } from './player';
import { randomFrom, uuid, type Random } from './random';
import type { LabContext, Vendor, VendorFactory } from './vendor';

/** Common name in the client certificate that the lab hands out. */
export const CLIENT_NAME = 'n8n.corp.example';

const SEED_RANGE = { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true };

/** The simulation: vendors, their world, and everything that the control port can do to them. */
export class Lab {
	readonly clock = new OffsetClock();

	readonly journal = new Journal();

	readonly world: SimulatedWorld;

	readonly vendors: readonly Vendor[];

	readonly exchange: Exchange;

	/** What vendors were made to report. */
	readonly reports: Reports;

	private readonly faults: Faults;

	private readonly player: Player;

	private random: Random;

	private runs = 0;

	constructor(
		factories: readonly VendorFactory[],
		private readonly ca: CertificateAuthority,
		private readonly seed: number,
	) {
		this.world = new SimulatedWorld(seed);
		this.reports = new Reports(this.world);
		this.random = randomFrom('vendors', seed, this.runs);
		const context: LabContext = {
			world: this.world,
			clock: this.clock,
			random: () => this.random(),
			uuid: () => uuid(this.random),
		};
		this.vendors = factories.map((factory) => factory(context));
		this.faults = new Faults(randomFrom('faults', seed));
		this.exchange = new Exchange(this.journal, this.faults);
		this.player = new Player(({ vendor, hostname, type, data }) =>
			this.emitNow(vendor, { hostname, type, ...(data && { data }) }),
		);
	}

	hosts(): { hosts: string[]; byVendor: Record<string, string[]> } {
		const byVendor = Object.fromEntries(this.vendors.map(({ name, hosts }) => [name, hosts]));
		return { hosts: Object.values(byVendor).flat(), byVendor };
	}

	/** Accounts and keys per vendor, and under `lab` the certificates. */
	credentials(): Record<string, unknown> {
		const { certPem, client } = this.ca;
		const lab = {
			caCertificate: certPem,
			clientName: CLIENT_NAME,
			clientCertificate: client.cert,
			clientKey: client.key,
		};
		return { lab, ...Object.fromEntries(this.vendors.map((vendor) => [vendor.name, vendor.credentials()])) };
	}

	state(): Record<string, unknown> {
		const { violations, rateLimited, labErrors } = this.journal.totals();
		return {
			seed: this.world.madeFrom,
			clock: { now: new Date(this.clock.now()).toISOString(), ...this.clock.offsets() },
			violations,
			rateLimited,
			labErrors,
			scenario: this.player.progress(),
			world: { hosts: this.world.hosts },
			vendors: Object.fromEntries(this.vendors.map((vendor) => [vendor.name, vendor.state()])),
		};
	}

	/** Everything as in a new lab; `seed` makes another company. */
	reset(input: Input): { seed: number } {
		knownFieldsOnly(input, ['seed']);
		const seed = optionalNumber(input, 'seed', SEED_RANGE) ?? this.seed;
		this.player.reset();
		this.clearFaults();
		this.clock.reset();
		this.runs = 0;
		this.random = randomFrom('vendors', seed, this.runs);
		this.world.reset(seed);
		for (const vendor of this.vendors) vendor.reset();
		this.exchange.reset();
		this.journal.clear();
		this.reports.clear();
		return { seed };
	}

	scenarioCatalogue(): (Pick<Scenario, 'name' | 'title' | 'story' | 'durationMs'> & { expectation: string })[] {
		return scenarios.map(({ name, title, story, durationMs, expectation }) => ({
			name,
			title,
			story,
			durationMs,
			expectation: expectation.text,
		}));
	}

	startScenario(input: Input): Progress {
		knownFieldsOnly(input, ['name', 'seed', 'speed']);
		const scenario = scenarioNamed(requiredString(input, 'name'));
		const seed = optionalNumber(input, 'seed', SEED_RANGE) ?? this.world.madeFrom;
		const speed = optionalNumber(input, 'speed', { min: 0.1, max: 10_000 }) ?? 1;
		for (const name of new Set(scenario.steps.map(({ vendor }) => vendor))) this.emitter(name, 'name');
		this.growWorld(scenario.fleet ?? 0);
		this.runs++;
		this.random = randomFrom('vendors', seed, this.runs);
		return this.player.start(scenario, this.world.hosts, { seed, speed });
	}

	stopScenario(): Progress {
		this.player.stop();
		return this.player.progress();
	}

	scenarioProgress(): Progress {
		return this.player.progress();
	}

	addFault(input: Input): Fault {
		const wanted = readFault(input, this.vendors);
		this.startStanding(wanted);
		return this.faults.add(wanted);
	}

	listFaults(): { faults: Fault[] } {
		return { faults: this.faults.all() };
	}

	clearFaults(): { cleared: number } {
		const cleared = this.faults.clear();
		for (const fault of cleared) this.endStanding(fault);
		return { cleared: cleared.length };
	}

	setClock(input: Input): ReturnType<OffsetClock['offsets']> {
		knownFieldsOnly(input, ['vendor', 'offsetMs']);
		const vendor = optionalString(input, 'vendor');
		if (vendor !== undefined) vendorNamed(vendor, this.vendors);
		this.clock.setOffset(requiredNumber(input, 'offsetMs', { integer: true }), vendor);
		return this.clock.offsets();
	}

	/** Makes a vendor report one event of each host named now, all of them before it answers anybody else. */
	emit(input: Input): { at: string } {
		knownFieldsOnly(input, ['vendor', 'hostname', 'type', 'data']);
		const vendor = requiredString(input, 'vendor');
		const hostnames = requiredStrings(input, 'hostname');
		const type = requiredString(input, 'type');
		const { data } = input;
		if (data !== undefined && (data === null || typeof data !== 'object' || Array.isArray(data))) {
			throw new LabInputError('data', '"data" must be an object');
		}
		const stranger = hostnames.find((hostname) => this.world.findByHostname(hostname) === undefined);
		if (stranger !== undefined) {
			throw new LabInputError('hostname', `No host "${stranger}" in the lab; GET /_lab/state lists them`);
		}
		try {
			const event = { type, ...(data !== undefined && { data: data as Input }) };
			return hostnames.map((hostname) => this.emitNow(vendor, { hostname, ...event }))[0];
		} catch (error) {
			if (error instanceof LabInputError) throw error;
			throw new LabInputError('type', error instanceof Error ? error.message : String(error));
		}
	}

	/** A person presses a button of a card that the pack posted. */
	pressButton(input: Input): unknown {
		knownFieldsOnly(input, ['messageId', 'personEmail', 'inputs']);
		const press = {
			messageId: requiredString(input, 'messageId'),
			personEmail: requiredString(input, 'personEmail'),
			inputs: asInput(input.inputs),
		};
		const vendor = this.vendors.find((candidate) => candidate.pressButton !== undefined);
		try {
			return vendor?.pressButton?.(press);
		} catch (error) {
			throw new LabInputError('messageId', error instanceof Error ? error.message : String(error));
		}
	}

	health(): Record<string, unknown> {
		return {
			status: 'ok',
			vendors: this.vendors.map(({ name }) => name),
			hosts: this.world.hosts.length,
			scenario: this.player.progress().state,
			uptimeSeconds: Math.round(process.uptime()),
		};
	}

	close(): void {
		this.player.stop();
	}

	private emitNow(name: string, event: { hostname: string; type: string; data?: Input }): { at: string } {
		const at = this.clock.now();
		this.emitter(name, 'vendor')({ at, ...event });
		this.reports.add(name, { at, ...event });
		return { at: new Date(at).toISOString() };
	}

	private emitter(name: string, field: string): NonNullable<Vendor['emit']> {
		const vendor = vendorNamed(name, this.vendors, field);
		if (vendor.emit === undefined) throw new LabInputError(field, `The lab's ${name} reports no events`);
		return vendor.emit.bind(vendor);
	}

	private growWorld(fleet: number): void {
		if (!this.world.growFleet(fleet)) return;
		for (const vendor of this.vendors) vendor.worldChanged?.();
	}

	private startStanding(fault: Omit<Fault, 'id' | 'hits'>): void {
		if (fault.kind === 'clockOffset') this.clock.setOffset(fault.offsetMs ?? 0, fault.vendor);
		if (fault.kind === 'lateEvents')
			this.setVendorFault(fault.vendor, 'lateEvents', (fault.delayMs ?? 0) / 1000);
		if (fault.kind === 'vendor') this.setVendorFault(fault.vendor, fault.name ?? '', fault.value);
	}

	private endStanding(fault: Fault): void {
		if (fault.kind === 'clockOffset') this.clock.setOffset(0, fault.vendor);
		if (fault.kind === 'lateEvents') this.setVendorFault(fault.vendor, 'lateEvents', undefined);
		if (fault.kind === 'vendor') this.setVendorFault(fault.vendor, fault.name ?? '', undefined);
	}

	private setVendorFault(vendor: string, name: string, value: unknown): void {
		try {
			vendorNamed(vendor, this.vendors).setFault?.(name, value);
		} catch (error) {
			throw new LabInputError('name', error instanceof Error ? error.message : String(error));
		}
	}
}

function scenarioNamed(name: string): Scenario {
	const scenario = scenarios.find((candidate) => candidate.name === name);
	if (scenario !== undefined) return scenario;
	const names = scenarios.map((candidate) => candidate.name).join(', ');
	throw new LabInputError('name', `No scenario "${name}"; there are ${names}`);
}

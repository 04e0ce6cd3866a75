import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { atItem, failedItem, toItems } from '../../../shared/execute';
import { oneAtATime } from '../../../shared/processState';
import { pause } from '../../../shared/http';
import { mapConcurrently } from '../../concurrency';
import type { AncService } from '../../anc/service';
import { ancServices, type ContainThrough } from '../../anc/through';
import type { ContainmentClient } from '../../transport/client';
import { readTargets, type AncTarget } from './targets';

/** What became of one endpoint. */
export interface EndpointResult extends IDataObject {
	/** `null` when an IP address has no active session. */
	macAddress: string | null;
	ipAddress?: string;
	/** `failed`, or how the operation calls its success. */
	status: string;
	policyName?: string;
	/** Policy that was bound before, where it had to be looked up. */
	previousPolicy?: string;
	/** Whether ISE showed the wanted state when it was read back. */
	verified?: boolean;
	error?: string;
}

/** Options that Apply and Clear share. */
export interface BatchSettings {
	allowEmpty: boolean;
	failOnPartial: boolean;
	verify: boolean;
	containThrough: ContainThrough;
}

/** An operation on the bindings of endpoints, for {@link runBatch}. */
export interface BatchAction<Settings extends BatchSettings> {
	readSettings(context: IExecuteFunctions, itemIndex: number): Settings;
	/** Acts on one endpoint; no other call for the same endpoint is under way. */
	act(step: BatchStep<Settings>): Promise<Omit<EndpointResult, 'macAddress'>>;
	/** Policy that the endpoint should be bound to afterwards; `undefined`: none. */
	wantedPolicy(settings: Settings): string | undefined;
	/** The output item, without the endpoints. */
	summary(settings: Settings, complete: boolean): IDataObject;
	/** What was to be done, as in "was not applied". */
	participle: string;
}

export interface BatchStep<Settings> {
	settings: Settings;
	macAddress: string;
	anc: AncService;
}

interface ItemPlan<Settings> {
	itemIndex: number;
	settings?: Settings;
	anc?: AncService;
	targets: AncTarget[];
	results: EndpointResult[];
	error?: Error;
}

const CONCURRENT_ENDPOINTS = 8;

const WAITS_BEFORE_REREADING_MS = [500, 1_000, 2_000];

/**
 * Runs an action for the endpoints of all input items: different endpoints at the same time, one endpoint one
 * call after the other, as ISE asks for. The bindings are read at most once before and once after.
 *
 * @returns one item per input item. An item with a failed endpoint is an error, after all others were tried.
 */
export async function runBatch<Settings extends BatchSettings>(
	context: IExecuteFunctions,
	client: ContainmentClient,
	action: BatchAction<Settings>,
): Promise<INodeExecutionData[][]> {
	const plans: ItemPlan<Settings>[] = [];
	const ofAll = () => plans.flatMap(({ targets }) => targets.flatMap(({ macAddress }) => macAddress ?? []));
	const servicesFor = ancServices(context, client, ofAll);
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		plans.push(await planItem(context, client, servicesFor, action, itemIndex));
	}
	await actOnAll(client, action, plans);
	await verifyAll(context, action, plans);
	return [plans.flatMap((plan) => outputOf(context, action, plan))];
}

async function planItem<Settings extends BatchSettings>(
	context: IExecuteFunctions,
	client: ContainmentClient,
	servicesFor: (through: ContainThrough) => AncService,
	action: BatchAction<Settings>,
	itemIndex: number,
): Promise<ItemPlan<Settings>> {
	try {
		const settings = action.readSettings(context, itemIndex);
		const anc = servicesFor(settings.containThrough);
		const targets = await readTargets(context, client, itemIndex, settings.allowEmpty);
		return { itemIndex, settings, anc, targets, results: [] };
	} catch (error) {
		return { itemIndex, targets: [], results: [], error: atItem(context, error as Error, itemIndex) };
	}
}

async function actOnAll<Settings extends BatchSettings>(
	client: ContainmentClient,
	action: BatchAction<Settings>,
	plans: ItemPlan<Settings>[],
): Promise<void> {
	const steps = plans.flatMap((plan) => plan.targets.map((target) => ({ plan, target })));
	let accountRefused: string | undefined;
	await mapConcurrently(steps, CONCURRENT_ENDPOINTS, async ({ plan, target }) => {
		const { settings, anc } = plan;
		const { macAddress, ipAddress } = target;
		const result: EndpointResult = {
			macAddress: macAddress ?? null,
			...(ipAddress && { ipAddress }),
			status: 'failed',
		};
		plan.results.push(result);
		if (!macAddress || !settings || !anc) {
			result.error = 'No active session has this IP address';
			return;
		}
		// Further wrong logins would lock the account.
		if (accountRefused) {
			result.error = accountRefused;
			return;
		}
		try {
			const step = { settings, macAddress, anc };
			Object.assign(
				result,
				await oneAtATime(`ise-anc:${client.deployment}:${macAddress}`, async () => await action.act(step)),
			);
		} catch (error) {
			result.error = reasonOf(error as Error);
			if (error instanceof NodeApiError && ['401', '403'].includes(error.httpCode ?? ''))
				accountRefused = result.error;
		}
	});
}

/** Reads back what was done, once for each service. */
async function verifyAll<Settings extends BatchSettings>(
	context: IExecuteFunctions,
	action: BatchAction<Settings>,
	plans: ItemPlan<Settings>[],
): Promise<void> {
	const toVerify = plans.filter(({ settings, anc }) => settings?.verify && anc);
	for (const service of new Set(toVerify.map(({ anc }) => anc!))) {
		await verifyWith(
			context,
			service,
			action,
			toVerify.filter(({ anc }) => anc === service),
		);
	}
}

async function verifyWith<Settings extends BatchSettings>(
	context: IExecuteFunctions,
	anc: AncService,
	action: BatchAction<Settings>,
	plans: ItemPlan<Settings>[],
): Promise<void> {
	const done = plans.flatMap(({ settings, results }) =>
		results
			.filter(({ status }) => status !== 'failed')
			.map((result) => ({ result, wanted: action.wantedPolicy(settings!) })),
	);
	if (done.length === 0) return;
	try {
		await readBack(context, anc, done);
	} catch (error) {
		for (const { result } of done.filter((one) => !one.result.verified)) {
			result.verified = false;
			result.error = `ISE accepted this, but it could not be read back: ${reasonOf(error as Error)}`;
		}
	}
}

/** What ISE should show for an endpoint. */
interface Expectation {
	result: EndpointResult;
	wanted: string | undefined;
}

/** ISE may show a change a little later than it accepted it: what is missing is looked for again. */
async function readBack(context: IExecuteFunctions, anc: AncService, done: Expectation[]): Promise<void> {
	let missing = done;
	let policies = new Map<string, string>();
	for (const wait of [0, ...WAITS_BEFORE_REREADING_MS]) {
		if (wait > 0) await pause(context, wait);
		policies = await anc.policiesOf([...new Set(missing.map(({ result }) => result.macAddress!))]);
		for (const { result, wanted } of missing) result.verified = policies.get(result.macAddress!) === wanted;
		missing = missing.filter(({ result }) => !result.verified);
		if (missing.length === 0) return;
	}
	for (const { result } of missing) {
		const bound = policies.get(result.macAddress!);
		result.status = 'failed';
		result.error = `ISE accepted this, but then shows ${bound ? `policy "${bound}"` : 'no policy'} for the endpoint`;
	}
}

function outputOf<Settings extends BatchSettings>(
	context: IExecuteFunctions,
	action: BatchAction<Settings>,
	plan: ItemPlan<Settings>,
): INodeExecutionData[] {
	const { itemIndex, settings, results } = plan;
	const failed = results.filter((result) => result.status === 'failed' || result.verified === false);
	const json = settings && { ...action.summary(settings, failed.length === 0), endpoints: results };
	const partial = settings && failed.length > 0 && settings.failOnPartial;
	const error =
		plan.error ?? (partial ? partialError(context, action, results, failed, itemIndex) : undefined);
	if (!error) return toItems(json ?? {}, itemIndex);
	if (!context.continueOnFail()) throw error;
	return [failedItem(context, error, itemIndex, json)];
}

function partialError<Settings extends BatchSettings>(
	context: IExecuteFunctions,
	{ participle }: BatchAction<Settings>,
	results: EndpointResult[],
	failed: EndpointResult[],
	itemIndex: number,
): NodeApiError {
	const name = (result: EndpointResult) => result.macAddress ?? result.ipAddress;
	const reasons = failed.map((result) => `${name(result)} (${result.error})`).join('; ');
	const done = results
		.filter((result) => !failed.includes(result))
		.map((result) => `${name(result)} (${result.status})`);
	const message = `The ANC policy of Cisco ISE was not ${participle} for ${failed.length} of ${results.length} endpoints: ${reasons}`;
	const description = done.length > 0 ? `Done: ${done.join(', ')}` : 'No endpoint was changed.';
	return new NodeApiError(context.getNode(), { message }, { message, description, itemIndex });
}

function reasonOf(error: Error): string {
	// The description of a network error holds its code, and n8n replaces every message with such a code in it.
	if (!(error instanceof NodeApiError) || error.httpCode === null || !error.description) return error.message;
	return `${error.message}. ${error.description}`;
}

import type { IDataObject, INodeExecutionData, IPollFunctions, NodeApiError } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { Detection } from '../../ledger/detection';
import {
	advanced,
	failed,
	isSilent,
	type PollState,
	type PollTiming,
	type ReadDetections,
	type TimeWindow,
	unseen,
	windowsToRead,
} from './pollState';

export interface PollSettings extends PollTiming {
	/** How long the source may be out of reach before somebody is told. */
	alarmAfterMs: number;
	/** How long the source may be silent before somebody is told. 0: for ever. */
	silentAfterMs: number;
}

/** Everything that a product has in a span of time, oldest first. */
export type ReadWindow = (window: TimeWindow) => Promise<ReadDetections>;

/** How alarms speak of a product that is polled. */
export interface PolledProduct {
	/** Current product name, for error texts. */
	product: string;
	/** What to check when nothing comes; the start of a sentence. */
	silenceAdvice: string;
}

/** A product that can be asked for the detections of a span of time. */
export interface PolledSource extends PolledProduct {
	/** Makes it ready to be read, span after span. Failures to get ready count like failures to read. */
	open(): Promise<ReadWindow>;
}

/** The engine gives a poll this long where it doesn't say. */
const DEFAULT_BUDGET_MS = 45_000;

/** Share of the budget after which no further span is begun. */
const BUDGET_SHARE = 0.5;

/** One poll of a source: the detections that were not emitted before, oldest first, or `null` when there are none. */
export async function pollForDetections(
	context: IPollFunctions,
	settings: PollSettings,
	source: PolledSource,
): Promise<INodeExecutionData[][] | null> {
	return await pollWithAlarms(context, settings, source, async (stored) =>
		detectionItems(await readNew(context, settings, stored, source)),
	);
}

/**
 * One poll, with its state in the node's static data. A source that fails for long, or is silent for long, fails the
 * execution, so that the error workflow tells somebody; short failures only reach the log. A first poll that fails
 * always does, so that the workflow does not look active.
 *
 * @param read Gives what was not emitted before, and moves the state on
 */
export async function pollWithAlarms(
	context: IPollFunctions,
	settings: PollSettings,
	{ product, silenceAdvice }: PolledProduct,
	read: (stored: PollState) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[][] | null> {
	const stored = context.getWorkflowStaticData('node') as PollState;
	let items: INodeExecutionData[];
	try {
		items = await read(stored);
	} catch (error) {
		const alarm = noteFailure(context, settings, stored, product, error as Error);
		if (alarm) throw asAlarm(context, alarm, stored, product);
		return null;
	}
	Object.assign(stored, { failingSince: undefined, alarmedAt: undefined });
	if (items.length > 0) return [items];
	if (isSilent(stored, Date.now(), settings.silentAfterMs)) {
		stored.silenceAlarmed = true;
		const since = new Date(stored.lastDetectionAt ?? 0).toISOString();
		throw new NodeOperationError(context.getNode(), `${product} has reported no detection since ${since}`, {
			description: `${silenceAdvice}, or raise "Alarm When Silent".`,
		});
	}
	return null;
}

export const detectionItems = (detections: readonly Detection[]): INodeExecutionData[] =>
	detections.map((detection) => ({ json: detection as unknown as IDataObject }));

/** How long one poll may take, ms. */
export const pollBudgetMs = (context: IPollFunctions): number =>
	'getPollBudgetMs' in context ? context.getPollBudgetMs() : DEFAULT_BUDGET_MS;

/**
 * New detections, oldest first. The state moves on only past spans that were read whole; when a later span
 * fails, what was read before it is handed over, and the next poll meets the failure.
 */
async function readNew(
	context: IPollFunctions,
	settings: PollSettings,
	stored: PollState,
	source: PolledSource,
): Promise<Detection[]> {
	const started = Date.now();
	const read = await source.open();
	const found: Detection[] = [];
	for (const [index, window] of windowsToRead(stored, started, settings).entries()) {
		if (index > 0 && Date.now() - started > pollBudgetMs(context) * BUDGET_SHARE) break;
		const answer = await read(window).catch((error: Error) => error);
		if (answer instanceof Error) {
			if (found.length === 0) throw answer;
			break;
		}
		found.push(...unseen(stored, answer.detections));
		Object.assign(stored, advanced(stored, window, answer, settings));
	}
	return found;
}

/** Statuses that waiting does not cure. */
const NEEDS_A_PERSON = new Set(['400', '401', '403']);

/** @returns the error when somebody has to be told now. */
function noteFailure(
	context: IPollFunctions,
	{ alarmAfterMs }: PollSettings,
	stored: PollState,
	product: string,
	error: Error,
): Error | undefined {
	const waitingHelps = !NEEDS_A_PERSON.has((error as NodeApiError).httpCode ?? '');
	const outcome = failed(stored, Date.now(), alarmAfterMs, waitingHelps);
	Object.assign(stored, outcome.state);
	context.logger.warn(`${product} could not be polled: ${error.message}`);
	return outcome.alarm ? error : undefined;
}

function asAlarm(
	context: IPollFunctions,
	error: Error,
	{ failingSince }: PollState,
	product: string,
): NodeOperationError {
	const since = new Date(failingSince ?? Date.now()).toISOString();
	return new NodeOperationError(
		context.getNode(),
		`${product} can't be polled since ${since}: ${error.message}`,
		{ description: (error as NodeApiError).description ?? undefined },
	);
}

import type { EntityKind } from '../../../../ledger';
import type { Engine, Execution } from '../../engine';
import { compromise, HOST, messagesOf, reportCallback, reportEvent, EXECUTED_MALWARE, sceneOf } from '../../engineScenes';
import type { Scene } from '../scene';

export const MINUTE_MS = 60_000;

/** How the vendors report a host that has to be contained; n8n does not run. */
export async function condemn(engine: Engine): Promise<void> {
	reportEvent(engine, EXECUTED_MALWARE);
	reportCallback(engine);
	engine.time.advance(10_000);
}

/** Both sources are polled; what they find is contained at once. */
export async function pollBoth(engine: Engine): Promise<Execution[]> {
	return [...(await engine.run('rtcPollSecureEndpt')), ...(await engine.run('rtcPollUmbrella'))];
}

/** A contained host, of which everybody was told. */
export async function contained(engine: Engine): Promise<void> {
	await compromise(engine);
	engine.time.advance(MINUTE_MS);
}

/** Two outcomes, which hold nothing but plain data. */
export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

export const nothing = async (): Promise<void> => undefined;

/** Every minute, as its schedule does. */
export const sweep: Scene['next'] = {
	by: 'itself',
	everyMs: MINUTE_MS,
	run: async (engine) => await engine.run('rtcSweepIntents'),
};

/** The polls and the sweep go on as their schedules have it. */
export const everything: Scene['next'] = {
	by: 'itself',
	everyMs: MINUTE_MS,
	run: async (engine) => [...(await pollBoth(engine)), ...(await engine.run('rtcSweepIntents'))],
};

/** Somebody tries again, after a while. */
export const again = (run: (engine: Engine) => Promise<Execution[]>): Scene['next'] => ({
	by: 'person',
	everyMs: 11 * MINUTE_MS,
	run,
});

/** What the room was told, except of workflows that failed: of those it hears during the trouble only. */
export const toldInRoom = (engine: Engine): string[] =>
	sceneOf(engine).messages.filter((text) => !/^Workflow .* failed$/.test(text));

interface Outcome {
	bound: string[];
	isolation: string | undefined;
	messages: string[];
	/** Work notes of each. */
	incidents: string[][];
	episodes: string[];
	intents: string[];
}

/** The containment of {@link HOST} with all that belongs to it. */
export async function outcomeOf(engine: Engine): Promise<Outcome> {
	const { bound, isolation, incidents } = sceneOf(engine);
	const { items: episodes } = await engine.ledger.getEpisodes({ limit: 10 });
	const { items: intents } = await engine.ledger.getIntents({ limit: 50 });
	return {
		bound,
		isolation,
		messages: toldInRoom(engine),
		incidents: incidents.map(({ notes }) => notes),
		episodes: episodes.map(({ state }) => state),
		intents: intents.map(({ kind, state }) => `${kind} ${state}`).sort(),
	};
}

/** Contained without the connector, and the card says so. */
export async function connectorMissing(engine: Engine, goal: unknown): Promise<boolean> {
	const outcome = await outcomeOf(engine);
	const isSaid = messagesOf(engine).some(({ text }) => text.includes('Connector: not isolated'));
	return isSaid && same(outcome, { ...(goal as object), isolation: undefined });
}

/** What the ledger says about the last failure of each intent. */
export async function intentErrors(engine: Engine): Promise<string[]> {
	const { items } = await engine.ledger.getIntents({ limit: 50 });
	return items.flatMap(({ lastError }) => lastError ?? []);
}

/** All that a source's detections did to the ledger: each recorded once, each penalty once. */
export async function scored(engine: Engine, source: string, kind: EntityKind, key: string): Promise<object> {
	const { items } = await engine.ledger.getDetections({ source, limit: 5_000 });
	const entity = await engine.ledger.getEntity({ kind, key });
	const penalties = (entity?.contributions ?? []).filter(({ detection }) => detection.source === source);
	return {
		detections: items.length,
		points: Math.round(penalties.reduce((sum, { penalty }) => sum + penalty, 0)),
		audit: (await engine.ledger.verifyAudit()).ok,
	};
}

/** A workflow that polls one source every minute. */
export function pollScene(
	scene: Pick<Scene, 'vendor' | 'operation' | 'title' | 'happen' | 'goal'> & { workflow: string; path: string },
): Scene {
	const { workflow, path, ...rest } = scene;
	const run = async (engine: Engine) => await engine.run(workflow);
	return {
		...rest,
		readsDetections: true,
		calls: () => ({ path }),
		prepare: async (engine) => {
			await engine.runWell(workflow);
			engine.time.advance(50_000);
		},
		act: run,
		next: { by: 'itself', everyMs: MINUTE_MS, run },
	};
}

export { HOST };

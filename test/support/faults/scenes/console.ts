import type { IDataObject } from 'n8n-workflow';
import type { ActionName } from '../../../../nodes/RtcConsole/actions/catalogue';
import { ACTIONS } from '../../../../nodes/RtcConsole/actions/catalogue';
import { parseObject } from '../../../../nodes/RtcConsole/actions/objects';
import type { Engine, Execution } from '../../engine';
import type { Scene } from '../scene';
import { again, HOST } from './parts';

/** Somebody presses a button in the console. */
export async function press(engine: Engine, action: ActionName, subject: string): Promise<Execution[]> {
	const item = {
		action,
		subject,
		object: parseObject(ACTIONS[action].object, subject),
		fields: { reason: 'Seen on camera' },
		reason: 'Seen on camera',
		actor: { name: 'carla', role: 'admin' },
		requestId: 'r',
		drawnMs: 0,
	};
	return await engine.run('rtcConsole', [item as unknown as IDataObject]);
}

async function contextOf(engine: Engine): Promise<Record<string, unknown> | undefined> {
	const entity = await engine.ledger.getEntity({ kind: 'hostname', key: HOST });
	return entity?.context as Record<string, unknown> | undefined;
}

/** Somebody looks a host up; what could not be asked is said beside what was found. */
export function lookUp(part: (context: Record<string, unknown>) => unknown): Pick<Scene, 'act' | 'next' | 'goal' | 'told'> {
	const act = async (engine: Engine) => await press(engine, 'lookUp', `hostname:${HOST}`);
	return {
		act,
		next: again(act),
		goal: async (engine) => {
			const context = await contextOf(engine);
			return context && { found: part(context), problems: context.problems };
		},
		told: async (engine) => ((await contextOf(engine))?.problems ?? []) as string[],
	};
}

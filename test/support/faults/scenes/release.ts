import type { Engine, Execution } from '../../engine';
import { PERSON } from '../../engineScenes';
import { HOST } from './parts';

/** A person releases the host. */
export async function release(engine: Engine): Promise<Execution[]> {
	const { id } = await engine.ledger.release({ kind: 'hostname', key: HOST }, PERSON, 'Reimaged');
	return await engine.run('rtcReleaseEndpoint', [{ id }]);
}

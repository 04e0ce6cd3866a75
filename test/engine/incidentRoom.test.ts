import { Engine } from '../support/engine';
import { HOST, compromise, intentOf, misdeedsOf, PERSON, sceneOf } from '../support/engineScenes';

const MEMBERS = 'approver@corp.example, analyst@corp.example';

interface Room {
	id: string;
	title: string;
}

interface WebexState {
	rooms: Room[];
	messages: { id: string; roomId: string; text: string }[];
	memberships: { roomId: string; personId: string }[];
}

let engine: Engine;
beforeAll(async () => (engine = await Engine.start()));
beforeEach(async () => await engine.reset());
afterEach(() => expect(misdeedsOf(engine)).toEqual([]));
afterAll(async () => await engine.close());

const webex = () => (engine.state().vendors as unknown as { webex: WebexState }).webex;
const incidentRooms = () => webex().rooms.filter(({ title }) => title.startsWith('[RTC] '));
const messagesIn = ({ id }: Room) => webex().messages.filter(({ roomId }) => roomId === id).map(({ text }) => text.split('\n')[0]);
const added = () => engine.journal({ vendor: 'webex' }).filter(({ method, path, status }) => method === 'POST' && path.startsWith('/v1/memberships') && status === 200).length;
const withMembers = (members: string) => engine.setting('rtcNotify', 'settings.incidentRoomMembers', members);

it('posts to the one room when nobody is named', async () => {
	await compromise(engine);
	expect(incidentRooms()).toEqual([]);
	expect(sceneOf(engine).messages).toEqual([`${HOST} was contained`]);
});

describe('with members', () => {
	beforeEach(() => withMembers(MEMBERS));

	it('gives an episode a room of its own with the report in it, and posts there what follows', async () => {
		await compromise(engine);
		const { episodeId } = await intentOf(engine, 'contain');
		const [room] = incidentRooms();
		expect(room.title).toBe(`[RTC] ${HOST} was contained (${episodeId.slice(0, 8)})`);
		expect(messagesIn(room)).toEqual([`${HOST} was contained`]);
		expect(added()).toBe(2);
		expect((await engine.ledger.getEpisodes({ limit: 1 })).items[0].references).toMatchObject({ webexRoomId: room.id, serviceNowNumber: expect.any(String) });

		await engine.ledger.release({ episodeId }, PERSON, 'Cleaned');
		await engine.runWell('rtcSweepIntents');
		expect(incidentRooms()).toEqual([room]);
		expect(messagesIn(room)).toEqual([`${HOST} was contained`, expect.stringContaining('released')]);
		expect(webex().messages).toHaveLength(2);
	});

	it('posts what follows in the room of everybody when somebody has deleted that of the episode', async () => {
		await compromise(engine);
		const { episodeId } = await intentOf(engine, 'contain');
		await engine.ledger.release({ episodeId }, PERSON, 'Cleaned');
		engine.fault({ vendor: 'webex', kind: 'status', status: 404, path: '/v1/messages', method: 'post', times: 1 });
		await engine.runWell('rtcSweepIntents');
		expect(await intentOf(engine, 'notify')).toMatchObject({ state: 'done', notice: { event: 'released' } });
		const everybody = webex().rooms.find(({ title }) => !title.startsWith('[RTC] ')) as Room;
		expect(messagesIn(everybody)).toEqual([expect.stringContaining('released')]);
		expect(messagesIn(incidentRooms()[0])).toEqual([`${HOST} was contained`]);
	});

	it('makes no second room when it was cut off before the room was noted', async () => {
		withMembers('');
		const { id, episodeId } = await engine.ledger.containManually({ hostname: HOST }, { actor: PERSON, reason: 'x' });
		await engine.runWell('rtcIncidentRoom', [{ episodeId, host: HOST, members: MEMBERS }]);
		const rooms = incidentRooms();
		expect(rooms).toHaveLength(1);
		withMembers(MEMBERS);
		await engine.runWell('rtcContainEndpoint', [{ id }]);
		expect(incidentRooms()).toEqual(rooms);
		expect(messagesIn(rooms[0])).toEqual([`${HOST} was contained`]);
		expect(added()).toBe(2);
	});

	it('makes one room when the notice is carried out again after Webex refused the card', async () => {
		engine.fault({ vendor: 'webex', kind: 'status', status: 400, path: '/v1/messages', method: 'post', times: 1 });
		await compromise(engine);
		expect(await intentOf(engine, 'notify')).toMatchObject({ state: 'pending', steps: { webexRoomId: incidentRooms()[0].id } });
		expect(messagesIn(incidentRooms()[0])).toEqual([]);
		engine.time.advance(3_600_000);
		await engine.runWell('rtcSweepIntents');
		expect(incidentRooms()).toHaveLength(1);
		expect(messagesIn(incidentRooms()[0])).toEqual([`${HOST} was contained`]);
		expect(sceneOf(engine).incidents).toHaveLength(1);
	});

	it('makes the room later when Webex makes none, and opens the incident meanwhile', async () => {
		engine.fault({ vendor: 'webex', kind: 'status', status: 403, path: '/v1/rooms', method: 'post', times: 1 });
		await expect(compromise(engine)).rejects.toThrow('answered 403 to POST /v1/rooms');
		expect(incidentRooms()).toEqual([]);
		expect(sceneOf(engine).incidents).toHaveLength(1);
		engine.time.advance(3_600_000);
		await engine.runWell('rtcSweepIntents');
		expect(messagesIn(incidentRooms()[0])).toEqual([`${HOST} was contained`]);
	});

	it('posts even when somebody can not be added, and keeps who', async () => {
		withMembers('nobody@elsewhere.example approver@corp.example');
		await compromise(engine);
		expect(messagesIn(incidentRooms()[0])).toEqual([`${HOST} was contained`]);
		expect(added()).toBe(1);
		expect((await intentOf(engine, 'notify')).steps).toMatchObject({ webexNotAdded: ['nobody@elsewhere.example'] });
	});
});

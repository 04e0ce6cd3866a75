import { HostGraph } from '../../../ledger/hosts';
import type { Target } from '../../../ledger';

const MAC = '00:11:22:33:44:55';
const DOCK = 'AA:BB:CC:00:00:01';

function link(...targets: Target[]): { graph: HostGraph; ids: (number | undefined)[] } {
	let id = 0;
	const graph = new HostGraph(() => ++id);
	const ids = targets.map((target, i) => graph.link(target, i)).map((host) => (host === undefined ? host : graph.resolve(host)));
	return { graph, ids };
}

describe('HostGraph', () => {
	it.each([
		['the same connector', [{ connectorGuid: 'g1', mac: MAC }, { connectorGuid: 'g1', mac: DOCK }], [1, 1]],
		['the same MAC', [{ mac: MAC }, { mac: MAC, hostname: 'pc1' }], [1, 1]],
		['the same hostname', [{ hostname: 'pc1' }, { hostname: 'pc1', mac: MAC }], [1, 1]],
		['a target that joins a name and a MAC', [{ hostname: 'pc1' }, { mac: MAC }, { mac: MAC, hostname: 'pc1', connectorGuid: 'g1' }], [1, 1, 1]],
		['three cards of a laptop', [{ hostname: 'pc1', mac: MAC }, { hostname: 'pc1', mac: DOCK }], [1, 1]],
		['users and IPs never link', [{ mac: MAC, user: 'jdoe', ip: '10.0.0.1' }, { mac: DOCK, user: 'jdoe', ip: '10.0.0.1' }], [1, 2]],
		['nothing that tells a host', [{ ip: '10.0.0.1', user: 'jdoe' }], [undefined]],
		['a dock between two connectors', [{ connectorGuid: 'g1', mac: DOCK }, { connectorGuid: 'g2', mac: DOCK }, { connectorGuid: 'g1', mac: DOCK }], [1, 2, 1]],
		['a dock between two names', [{ hostname: 'pc1', mac: DOCK }, { hostname: 'pc2', mac: DOCK }, { hostname: 'pc1' }, { hostname: 'pc2' }], [1, 2, 1, 2]],
		['a hostname used by two connectors', [{ connectorGuid: 'g1', hostname: 'pc1' }, { connectorGuid: 'g2', hostname: 'pc1' }, { connectorGuid: 'g1' }], [1, 2, 1]],
		['a connector that was renamed', [{ connectorGuid: 'g1', hostname: 'old' }, { connectorGuid: 'g1', hostname: 'new' }, { hostname: 'new' }], [1, 1, 1]],
	] as [string, Target[], (number | undefined)[]][])('%s', (_name, targets, expected) => {
		expect(link(...targets).ids).toEqual(expected);
	});

	it('a shared MAC links nobody any more, and goes with the host where it was last seen', () => {
		const { graph, ids } = link(
			{ connectorGuid: 'g1', mac: DOCK, hostname: 'pc1' },
			{ connectorGuid: 'g2', mac: DOCK, hostname: 'pc2' },
			{ mac: DOCK },
		);
		expect(ids[2]).not.toBe(1);
		expect(ids[2]).not.toBe(2);
		expect(graph.identity(1, 0).macs).toEqual([]);
		expect(graph.events).toContainEqual(expect.objectContaining({ action: 'identityShared', subject: `mac:${DOCK}` }));
		graph.link({ connectorGuid: 'g1', mac: DOCK }, 10);
		expect(graph.identity(1, 0).macs).toEqual([DOCK]);
		expect(graph.identity(2, 0).macs).toEqual([]);
	});

	it('merging keeps every identity and says so', () => {
		const { graph } = link({ hostname: 'pc1', user: 'ann' }, { mac: MAC, ip: '10.0.0.1' }, { mac: MAC, hostname: 'pc1', connectorGuid: 'g1' });
		expect(graph.identity(1, 0)).toEqual({
			hostId: 'host-1', macs: [MAC], ips: ['10.0.0.1'], hostnames: ['pc1'], users: ['ann'], connectorGuids: ['g1'],
		});
		expect(graph.merges).toMatchObject([{ from: 2, to: 1 }]);
		expect(graph.events).toContainEqual(expect.objectContaining({ action: 'hostsMerged', subject: 'host-1' }));
	});

	it('never merges two hosts that both have an open episode', () => {
		let id = 0;
		const graph = new HostGraph(() => ++id);
		const [a, b] = [graph.link({ hostname: 'pc1' }, 0) as number, graph.link({ mac: MAC }, 0) as number];
		graph.row(a).episodeId = 'e1';
		graph.row(b).episodeId = 'e2';
		graph.link({ mac: MAC, hostname: 'pc1', connectorGuid: 'g1' }, 1);
		expect(graph.merges).toEqual([]);
	});
});

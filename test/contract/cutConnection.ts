import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What happens to the next COMMIT: it reaches the server and its answer is lost, or it gets lost itself. */
export type Cut = 'answer' | 'commit';

const COMMIT = Buffer.from('COMMIT\0');
/** How long the server gets for a COMMIT whose answer nobody will see. */
const COMMITTED_AFTER_MS = 300;

/** A way to a PostgreSQL server, in the clear, that can be cut at the worst moment. */
export class CutConnection {
	/** Set it to cut the connection at the next COMMIT of a change. */
	next: Cut | undefined;
	cuts = 0;
	private readonly sockets = new Set<Socket>();

	private constructor(
		private readonly to: { host: string; port: number },
		private readonly server = createServer((socket) => this.join(socket)),
	) {}

	static async open(to: { host: string; port: number }): Promise<CutConnection> {
		const cut = new CutConnection(to);
		await new Promise<void>((resolve) => cut.server.listen(0, '127.0.0.1', resolve));
		return cut;
	}

	get port(): number {
		return (this.server.address() as AddressInfo).port;
	}

	async close(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private join(client: Socket): void {
		const server = connect(this.to);
		for (const [one, other] of [[client, server], [server, client]]) {
			this.sockets.add(one);
			one.on('error', () => other.destroy());
			one.on('close', () => other.destroy());
		}
		server.pipe(client);
		client.on('data', (data) => {
			if (this.next === undefined || !data.includes(COMMIT)) return void server.write(data);
			const cut = this.next;
			this.next = undefined;
			this.cuts++;
			server.unpipe(client);
			if (cut === 'commit') return void client.destroy();
			server.write(data);
			setTimeout(() => client.destroy(), COMMITTED_AFTER_MS);
		});
	}
}

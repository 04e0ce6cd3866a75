/** A network card of a simulated host. */
export interface Nic {
	/** Upper-case colon form. */
	mac: string;
	ip: string;
	medium: 'wired' | 'wireless' | 'dock';
	/** Whether it has a session at ISE now. */
	connected: boolean;
	/** Switch or controller that it is connected to. */
	nasIp: string;
	nasPort: string;
}

export type HostRole = 'laptop' | 'server' | 'printer' | 'phone' | 'coreSwitch';

export interface WorldHost {
	hostname: string;
	role: HostRole;
	/** Account signed in, as `name@corp.example`. */
	user?: string;
	os: string;
	/** ISE endpoint profile, e.g. `Windows10-Workstation`. */
	profile: string;
	/** Set when the Secure Endpoint connector is installed. */
	connectorGuid?: string;
	nics: Nic[];
	/** Ground truth, for the expectations of a scenario. Vendors never look at it. */
	infected: boolean;
}

/** The simulated network that all vendors look at. */
export interface World {
	hosts: WorldHost[];
	findByHostname(hostname: string): WorldHost | undefined;
	findByMac(mac: string): { host: WorldHost; nic: Nic } | undefined;
	findByIp(ip: string): { host: WorldHost; nic: Nic } | undefined;
	findByUser(user: string): WorldHost[];
	findByConnector(guid: string): WorldHost | undefined;
}

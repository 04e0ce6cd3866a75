import { wireTimeMs } from '../../../ledger/time';

/** What became of a session last; only pxGrid knows `AUTHENTICATING` and `POSTURED`, only MnT `FAILED`. */
export const SESSION_STATES = [
	'AUTHENTICATING',
	'AUTHENTICATED',
	'POSTURED',
	'STARTED',
	'DISCONNECTED',
	'FAILED',
] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/**
 * A session in which an endpoint is on the network. Field and state names follow the pxGrid session directory;
 * what the source of the session does not tell is `null`.
 */
export interface Session {
	/** Upper case with colons; `null` for sessions without one (remote access VPN of an unmanaged device). */
	macAddress: string | null;
	/** Of the endpoint, never of the network device. */
	ipAddresses: string[];
	userName: string | null;
	state: SessionState | null;
	/** Network device that the endpoint is connected to. */
	nasIpAddress: string | null;
	nasPortId: string | null;
	/** Policy service node that handles the session; changes of authorisation name it. pxGrid does not tell it. */
	server: string | null;
	endpointProfile: string | null;
	identityGroup: string | null;
	securityGroup: string | null;
	auditSessionId: string | null;
	/** ISO 8601, UTC, milliseconds. From pxGrid: when the session came into this state. */
	startedAt: string | null;
}

/** A time as ISE writes it, in UTC with milliseconds; `null` for what is no time. */
export function utc(time: unknown): string | null {
	const ms = wireTimeMs(time);
	return ms === undefined ? null : new Date(ms).toISOString();
}

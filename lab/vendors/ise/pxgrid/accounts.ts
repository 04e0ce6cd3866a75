import type { LabRequest } from '../../../machine/vendor';
import { basicCredentials } from '../../shared/auth';
import { misuse, Refusal } from '../../shared/refusal';
import { sha256Of } from '../../shared/values';

export type AccountState = 'INIT' | 'PENDING' | 'ENABLED' | 'DISABLED';

/** A pxGrid client. Either a password or the subject of a certificate stands for it. */
export interface PxGridAccount {
	nodeName: string;
	password?: string;
	certificateSubject?: string;
	description: string;
	state: AccountState;
	/** Epoch ms of the first AccountActivate. */
	activatedAt?: number;
}

/** An account that an administrator made and enabled before. */
export const READY_ACCOUNT = { nodeName: 'rtc-ready', password: 'pxgrid-lab-1' };

/** How long an administrator takes to approve under `pxgridApproval` `auto`; ms. */
const APPROVAL_MS = 3000;

const NODE_NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** Clients of pxGrid and the secrets that they share with services. */
export interface Accounts {
	/** AccountCreate; throws a refusal when the name is taken or malformed. */
	create(nodeName: string): PxGridAccount;
	/** The account that the request proves; a certificate makes one at its first call. Throws 401. */
	ofControl(request: LabRequest): PxGridAccount;
	/** The account that the secret shared with the peer proves. Throws 401. */
	ofPeer(request: LabRequest, peerNodeName: string): PxGridAccount;
	activate(account: PxGridAccount, description: string): void;
	/** The secret that the account shares with the peer, the same until it expires. */
	secret(account: PxGridAccount, peerNodeName: string): string;
	list(): PxGridAccount[];
	/** Enables the accounts whose approval is due. */
	sync(): void;
	setApproval(value: unknown): void;
	expireSecrets(): void;
	reset(): void;
}

export function createAccounts(now: () => number): Accounts {
	const accounts = new Map<string, PxGridAccount>();
	const secrets = new Map<string, { account: string; peer: string; expired: boolean }>();
	let approval = 'auto';
	let made = 0;

	const newSecret = (purpose: string) => sha256Of(`pxgrid ${purpose} ${++made}`).slice(0, 16);
	const pending = () => [...accounts.values()].filter(({ state }) => state === 'PENDING');
	const reset = () => {
		accounts.clear();
		secrets.clear();
		approval = 'auto';
		accounts.set(READY_ACCOUNT.nodeName, { ...READY_ACCOUNT, description: '', state: 'ENABLED' });
	};
	reset();

	return {
		create(nodeName) {
			if (!NODE_NAME.test(nodeName))
				throw misuse(400, 'nodeName must be 1 to 100 letters, digits, ., - or _');
			if (accounts.has(nodeName)) throw new Refusal(409, `account ${nodeName} exists`);
			const account: PxGridAccount = {
				nodeName,
				password: newSecret(`password of ${nodeName}`),
				description: '',
				state: 'INIT',
			};
			accounts.set(nodeName, account);
			return account;
		},
		ofControl(request) {
			const { nodeName, password } = givenCredentials(request);
			const known = accounts.get(nodeName);
			if (known?.password !== undefined) {
				if (known.password === password) return known;
				throw misuse(401, `wrong password of ${nodeName}`);
			}
			const subject = request.clientCertificate?.subject;
			if (subject === undefined || password !== '') {
				throw misuse(401, `no account ${nodeName} with that password, and no client certificate`);
			}
			if (known && known.certificateSubject !== subject) {
				throw misuse(401, `${nodeName} belongs to another certificate`);
			}
			if (known) return known;
			if (!NODE_NAME.test(nodeName)) throw misuse(401, 'malformed node name');
			const account: PxGridAccount = {
				nodeName,
				certificateSubject: subject,
				description: '',
				state: 'INIT',
			};
			accounts.set(nodeName, account);
			return account;
		},
		ofPeer(request, peerNodeName) {
			const { nodeName, password } = givenCredentials(request);
			const secret = secrets.get(password);
			if (secret?.account !== nodeName)
				throw misuse(401, `not a secret of ${nodeName}: ask for AccessSecret`);
			if (secret.peer !== peerNodeName) {
				throw misuse(401, `the secret shared with ${secret.peer} was used at ${peerNodeName}`);
			}
			const account = accounts.get(nodeName);
			if (secret.expired || account?.state !== 'ENABLED') throw new Refusal(401, 'the secret has expired');
			return account;
		},
		activate(account, description) {
			account.description = description || account.description;
			if (account.state !== 'INIT') return;
			account.state = 'PENDING';
			account.activatedAt = now();
		},
		secret(account, peerNodeName) {
			for (const [text, { account: owner, peer, expired }] of secrets) {
				if (owner === account.nodeName && peer === peerNodeName && !expired) return text;
			}
			const text = newSecret(`secret of ${account.nodeName} with ${peerNodeName}`);
			secrets.set(text, { account: account.nodeName, peer: peerNodeName, expired: false });
			return text;
		},
		list: () => [...accounts.values()],
		sync() {
			if (approval !== 'auto') return;
			for (const account of pending()) {
				if (now() >= (account.activatedAt ?? 0) + APPROVAL_MS) account.state = 'ENABLED';
			}
		},
		setApproval(value = 'auto') {
			if (value === 'approve') for (const account of pending()) account.state = 'ENABLED';
			else if (value === 'disable') for (const account of accounts.values()) account.state = 'DISABLED';
			else if (value === 'auto' || value === 'manual') approval = value;
			else throw new Error('pxgridApproval takes auto, manual, approve or disable');
		},
		expireSecrets() {
			for (const secret of secrets.values()) secret.expired = true;
		},
		reset,
	};
}

function givenCredentials(request: LabRequest): { nodeName: string; password: string } {
	const given = basicCredentials(request);
	if (!given) throw misuse(401, 'Authorization must be Basic, with the node name as user');
	return { nodeName: given.user, password: given.password };
}

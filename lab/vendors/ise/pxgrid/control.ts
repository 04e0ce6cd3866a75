import type { LabRequest, LabResponse } from '../../../machine/vendor';
import { isObject } from '../../shared/body';
import { misuse, Refusal } from '../../shared/refusal';
import type { Accounts, PxGridAccount } from './accounts';
import { knownFieldsOnly, ok, optionalText, readCall, requiredText } from './call';
import { isPeer, servicesOf, type PxGridService } from './services';

const VERSION = '2.0.0.14';
const REREGISTER_MS = 300_000;

/** A service that a client registered; it is found by ServiceLookup until it is taken back. */
interface Registration {
	id: string;
	service: PxGridService;
}

type ControlCall = (body: Record<string, unknown>, account: PxGridAccount) => LabResponse;

/** The pxGrid controller: accounts, services and secrets, after Cisco's pxgrid-rest-ws. */
export interface Control {
	/** `call` is the last part of `/pxgrid/control/{call}`. Throws refusals. */
	handle(request: LabRequest, call: string): LabResponse;
	registrations(): Registration[];
	reset(): void;
}

export function createControl(accounts: Accounts, uuid: () => string): Control {
	const registrations = new Map<string, Registration>();
	const calls = enabledCalls(accounts, registrations, uuid);
	return {
		handle(request, call) {
			const body = readCall(request);
			if (call === 'AccountCreate') return createAccount(accounts, body);
			const account = accounts.ofControl(request);
			if (call === 'AccountActivate') return activate(accounts, account, body);
			if (!Object.hasOwn(calls, call)) throw misuse(404, `the controller has no call ${call}`);
			checkEnabled(account);
			return calls[call](body, account);
		},
		registrations: () => [...registrations.values()],
		reset: () => registrations.clear(),
	};
}

function createAccount(accounts: Accounts, body: Record<string, unknown>): LabResponse {
	knownFieldsOnly(body, ['nodeName']);
	const { nodeName, password } = accounts.create(requiredText(body, 'nodeName'));
	return ok({ nodeName, password, userName: nodeName });
}

function activate(accounts: Accounts, account: PxGridAccount, body: Record<string, unknown>): LabResponse {
	knownFieldsOnly(body, ['description']);
	accounts.activate(account, optionalText(body, 'description') ?? '');
	return ok({ accountState: account.state, version: VERSION });
}

/** Only an enabled account may look services up. Being disabled by an administrator is no client's fault. */
function checkEnabled({ nodeName, state }: PxGridAccount): void {
	if (state === 'ENABLED') return;
	const detail = `account ${nodeName} is ${state}`;
	throw state === 'DISABLED'
		? new Refusal(403, detail)
		: misuse(403, `${detail}: AccountActivate must have answered ENABLED first`);
}

function enabledCalls(
	accounts: Accounts,
	registrations: Map<string, Registration>,
	uuid: () => string,
): Record<string, ControlCall> {
	const registrationOf = (body: Record<string, unknown>, account: PxGridAccount): Registration => {
		knownFieldsOnly(body, ['id']);
		const registration = registrations.get(requiredText(body, 'id'));
		if (registration?.service.nodeName === account.nodeName) return registration;
		throw new Refusal(404, 'no such registration of this account');
	};
	return {
		ServiceLookup(body) {
			knownFieldsOnly(body, ['name']);
			const name = requiredText(body, 'name');
			const registered = [...registrations.values()]
				.map(({ service }) => service)
				.filter((service) => service.name === name);
			return ok({ services: [...servicesOf(name), ...registered] });
		},
		AccessSecret(body, account) {
			knownFieldsOnly(body, ['peerNodeName']);
			const peer = requiredText(body, 'peerNodeName');
			const registered = [...registrations.values()].some(({ service }) => service.nodeName === peer);
			if (!isPeer(peer) && !registered) throw new Refusal(404, `there is no node ${peer}`);
			return ok({ secret: accounts.secret(account, peer) });
		},
		ServiceRegister(body, account) {
			knownFieldsOnly(body, ['name', 'properties']);
			const name = requiredText(body, 'name');
			if (!isTexts(body.properties)) throw misuse(400, 'properties must be an object of texts');
			const id = uuid();
			registrations.set(id, {
				id,
				service: { name, nodeName: account.nodeName, properties: body.properties },
			});
			return ok({ id, reregisterTimeMillis: REREGISTER_MS });
		},
		ServiceReregister(body, account) {
			registrationOf(body, account);
			return ok({});
		},
		ServiceUnregister(body, account) {
			registrations.delete(registrationOf(body, account).id);
			return ok({});
		},
		Authorization(body) {
			knownFieldsOnly(body, ['requestNodeName', 'serviceName', 'serviceOperation']);
			const nodeName = requiredText(body, 'requestNodeName');
			requiredText(body, 'serviceName');
			requiredText(body, 'serviceOperation');
			const enabled = accounts.list().some((one) => one.nodeName === nodeName && one.state === 'ENABLED');
			return ok({ authorization: enabled ? 'PERMIT' : 'DENY' });
		},
	};
}

function isTexts(value: unknown): value is Record<string, string> {
	return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

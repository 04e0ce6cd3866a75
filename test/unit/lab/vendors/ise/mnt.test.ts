import { XMLParser } from 'fast-xml-parser';
import { createIse } from '../../../../../lab/vendors/ise';
import { LAPTOP, LAPTOP_WIFI, SERVER, basic, send, testLab, type CallOptions } from '../support';

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false });

function setUp() {
	const lab = testLab();
	const ise = createIse(lab);
	const mnt = async (path: string, { headers }: CallOptions = {}) => {
		const response = await send(ise, 'GET', `https://ise.lab.example/admin/API/mnt${path}`, {
			headers: { authorization: basic('mnt-admin', 'mnt-lab-1'), accept: 'application/xml', ...headers },
		});
		return { ...response, xml: parser.parse(String(response.body)), text: String(response.body) };
	};
	const apply = async (mac: string, policyName: string) =>
		await send(ise, 'PUT', 'https://ise.lab.example/ers/config/ancendpoint/apply', {
			headers: {
				authorization: basic('ers-admin', 'ers-lab-1'),
				accept: 'application/json',
				'content-type': 'application/json',
			},
			body: {
				OperationAdditionalData: {
					additionalData: [
						{ name: 'macAddress', value: mac },
						{ name: 'policyName', value: policyName },
					],
				},
			},
		});
	return { lab, ise, mnt, apply };
}

test('lists the sessions of connected cards only', async () => {
	const { lab, mnt } = setUp();
	const { xml } = await mnt('/Session/ActiveList');
	expect(xml.activeList['@noOfActiveSession']).toBe('3');
	const macs = () =>
		xml.activeList.activeSession.map((one: Record<string, string>) => one.calling_station_id);
	expect(macs()).toContain(LAPTOP);
	expect(macs()).not.toContain(LAPTOP_WIFI);
	lab.nic(LAPTOP).connected = false;
	expect((await mnt('/Session/ActiveCount')).xml.sessionCount.count).toBe('2');
});

test('writes an empty list as ISE does', async () => {
	const { lab, mnt } = setUp();
	for (const host of lab.world.hosts) for (const nic of host.nics) nic.connected = false;
	expect((await mnt('/Session/ActiveList')).text).toContain(
		'<activeList noOfActiveSession="0"></activeList>',
	);
});

test.each([
	[`/Session/MACAddress/${LAPTOP}`],
	['/Session/UserName/ada@corp.example'],
	['/Session/EndPointIPAddress/10.1.1.7'],
])('%s gives the session', async (path) => {
	const { mnt } = setUp();
	const { status, xml, text } = await mnt(path);
	expect(status).toBe(200);
	expect(xml.sessionParameters).toMatchObject({
		calling_station_id: LAPTOP,
		user_name: 'ada@corp.example',
		framed_ip_address: '10.1.1.7',
		endpoint_policy: 'Windows10-Workstation',
		identity_group: 'Workstation',
		selected_azn_profiles: 'PermitAccess',
	});
	expect(text).toContain('<passed xsi:type="xs:boolean"');
	expect(xml.sessionParameters.auth_acs_timestamp).toBe('2026-03-04T07:06:07.000+02:00');
});

test('sessions of ISE 3.3 have no identity group', async () => {
	const { ise, mnt } = setUp();
	ise.setFault('release33', true);
	const { xml } = await mnt(`/Session/MACAddress/${LAPTOP}`);
	expect(xml.sessionParameters).toMatchObject({ calling_station_id: LAPTOP });
	expect(xml.sessionParameters).not.toHaveProperty('identity_group');
});

test('IPAddress is the address of the switch, not of the endpoint', async () => {
	const { mnt } = setUp();
	expect((await mnt('/Session/IPAddress/10.0.0.2')).xml.sessionParameters.calling_station_id).toBe(SERVER);
	expect((await mnt('/Session/IPAddress/10.1.1.7')).status).toBe(500);
});

test.each([
	['no session', `/Session/MACAddress/${LAPTOP_WIFI}`, false],
	['a lower-case MAC', `/Session/MACAddress/${LAPTOP.toLowerCase()}`, true],
	['an unknown user', '/Session/UserName/nobody', false],
	['CoA without session', `/CoA/Reauth/ise-psn-1/${LAPTOP_WIFI}/1`, false],
	['CoA with a lower-case MAC', `/CoA/Reauth/ise-psn-1/${LAPTOP.toLowerCase()}/1`, true],
	['CoA of an unknown type', `/CoA/Reauth/ise-psn-1/${LAPTOP}/7`, true],
])('answers %s with 500 and mnt-rest-result', async (_name, path, misuse) => {
	const { mnt } = setUp();
	const { status, xml, violation } = await mnt(path);
	expect(status).toBe(500);
	expect(xml['mnt-rest-result']['http-code']).toBe('500');
	expect(Boolean(violation)).toBe(misuse);
});

test.each([
	['no credentials', { authorization: undefined }, 401],
	['an account without MnT access', { authorization: basic('ers-operator', 'ers-read-lab-1') }, 403],
	['Accept: application/json', { accept: 'application/json' }, 406],
])('refuses %s', async (_name, headers, status) => {
	const { mnt } = setUp();
	const response = await mnt('/Session/ActiveList', { headers });
	expect(response.status).toBe(status);
	expect(response.violation).toBeTruthy();
});

test('shows quarantine in the session', async () => {
	const { mnt, apply } = setUp();
	await apply(LAPTOP, 'Quarantine');
	const { sessionParameters } = (await mnt(`/Session/MACAddress/${LAPTOP}`)).xml;
	expect(sessionParameters.cts_security_group).toBe('Quarantined_Systems');
	expect(sessionParameters.selected_azn_profiles).toBe('Quarantine_Access');
});

test('a reauthentication brings a policy into force that a lost CoA did not', async () => {
	const { ise, mnt, apply } = setUp();
	ise.setFault('coaIgnored', true);
	await apply(LAPTOP, 'Quarantine');
	expect((await mnt(`/CoA/Reauth/ise-psn-1/${LAPTOP}/1`)).xml.remoteCoA).toEqual({
		'@requestType': 'reauth',
		results: 'false',
	});
	ise.setFault('coaIgnored', false);
	const profile = async () =>
		(await mnt(`/Session/MACAddress/${LAPTOP}`)).xml.sessionParameters.selected_azn_profiles;
	expect(await profile()).toBe('PermitAccess');
	expect((await mnt(`/CoA/Reauth/ise-psn-1/${LAPTOP}/1`)).xml.remoteCoA.results).toBe('true');
	expect(await profile()).toBe('Quarantine_Access');
});

test("a disconnect gives a new session; another node's name reaches nothing", async () => {
	const { lab, mnt } = setUp();
	const auditId = async () =>
		(await mnt(`/Session/MACAddress/${LAPTOP}`)).xml.sessionParameters.audit_session_id;
	const before = await auditId();
	lab.advance(1000);
	expect((await mnt(`/CoA/Disconnect/other-node/${LAPTOP}/0`)).xml.remoteCoA.results).toBe('false');
	expect(await auditId()).toBe(before);
	expect((await mnt(`/CoA/Disconnect/ise-psn-1/${LAPTOP}/0`)).xml.remoteCoA.results).toBe('true');
	expect(await auditId()).not.toBe(before);
});

test('AuthStatus keeps to the window asked for', async () => {
	const { lab, mnt } = setUp();
	lab.advance(120_000);
	const recent = async (seconds: number) =>
		(await mnt(`/AuthStatus/MACAddress/${LAPTOP}/${seconds}/0/All`)).xml.authStatusOutputList.authStatusList;
	expect((await recent(600)).authStatusElements.acs_server).toBe('ise-psn-1');
	expect((await recent(60)).authStatusElements).toBeUndefined();
	expect((await recent(600))['@key']).toBe(LAPTOP);
});

test('AuthList takes null and times', async () => {
	const { mnt } = setUp();
	expect((await mnt('/Session/AuthList/null/null')).xml.activeList['@noOfActiveSession']).toBe('3');
	const later = await mnt(`/Session/AuthList/${encodeURIComponent('2027-01-01 00:00:00')}/null`);
	expect(later.xml.activeList['@noOfActiveSession']).toBe('0');
	expect((await mnt('/Session/AuthList/yesterday/null')).violation).toBeTruthy();
});

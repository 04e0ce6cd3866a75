import { device, deviceClass, type DeviceClass } from '../../../../../nodes/RtcConsole/view/devices';
import { expectHarmless, HOSTILE } from './pageContext';

/** Names from Cisco ISE's profile library, and such as people give. */
const PROFILES: Record<DeviceClass, string[]> = {
	workstation: ['Windows10-Workstation', 'Windows11-Workstation', 'Microsoft-Workstation', 'OS_X-Workstation', 'Apple-MacBook', 'Linux-Workstation', 'Ubuntu-Workstation', 'Chromebook', 'Workstation', 'Thin-Client'],
	server: ['Windows2019-Server', 'VMWare-Device', 'Linux Server', 'Synology-Device'],
	phone: ['Cisco-IP-Phone-8845', 'Avaya-IP-Phone', 'Apple-iPhone', 'Apple-iPad', 'Android-Samsung', 'Polycom-VoIP-Device'],
	printer: ['HP-LaserJet-P4515', 'Xerox-Device', 'Lexmark-Printer-E260dn', 'Brother_Printer'],
	switch: ['Cisco-Switch', 'Cisco-Router', 'Juniper-Device', 'Cisco-WLC', 'Catalyst 9300'],
	accessPoint: ['Cisco-Access-Point', 'Cisco-AP-Aironet-3600', 'Aruba-AP', 'Cisco-AIR-AP-2700'],
	camera: ['Axis-Device', 'Cisco-Video-Surveillance', 'IP Camera'],
	thing: ['Infusion-Pump', 'Temperature-Sensor', 'Siemens-PLC', 'RaspberryPi-Device'],
	unknown: ['Unknown', '', 'Profiled', '💻'],
};

it.each(Object.entries(PROFILES).flatMap(([kind, names]) => names.map((name) => [name, kind])))('%s is a %s', (name, kind) => {
	expect(deviceClass(name)).toBe(kind);
});

it('says in words what the icon shows', () => {
	expect(device('Cisco-Switch').text).toMatch(/role="img" aria-label="Network device".*Cisco-Switch/);
});

it('escapes the name of a profile, and cuts a long one', () => {
	expectHarmless(device(HOSTILE));
	expect(device('x'.repeat(10_000)).text.length).toBeLessThan(700);
});

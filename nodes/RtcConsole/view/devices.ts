import { html, type Markup } from './html';
import { cut } from './text';

/** What a device is, as far as its icon goes. */
export type DeviceClass = 'workstation' | 'server' | 'phone' | 'printer' | 'switch' | 'accessPoint' | 'camera' | 'thing' | 'unknown';

/** Parts of the names of Cisco ISE's endpoint profiles, the most telling first. */
const TELLING: readonly (readonly [DeviceClass, RegExp])[] = [
	['accessPoint', /access-?point|\bap\b|-ap\d*(-|$)|aironet|meraki-?mr|wap\b/],
	['phone', /phone|voip|iphone|android|ipad|mobile|\bata\b/],
	['camera', /camera|surveillance|video|axis/],
	['printer', /print|laserjet|officejet|lexmark|xerox|ricoh|kyocera|multi-?function/],
	['server', /server|vmware|esx|hypervisor|nas\b|synology/],
	['switch', /switch|router|catalyst|nexus|firewall|network-device|wlc|controller|juniper/],
	['workstation', /workstation|windows|microsoft|macintosh|macbook|os-?x|macos|apple-device|linux|ubuntu|debian|redhat|fedora|chrome(book|-?os)|laptop|desktop|thin-?client|dell|lenovo/],
	['thing', /iot|sensor|medical|infusion|pump|thermostat|hvac|plc|building|badge|tv\b|chromecast|echo|raspberry|ups\b|scale/],
];

/** @param profile Name of an endpoint profile, e.g. `Cisco-Switch` or `Windows10-Workstation`; people make names of their own. */
export function deviceClass(profile: string): DeviceClass {
	const name = profile.toLowerCase().replace(/[_\s:]+/g, '-');
	return TELLING.find(([, telling]) => telling.test(name))?.[0] ?? 'unknown';
}

const CLASSES: Record<DeviceClass, { title: string; path: string }> = {
	workstation: { title: 'Workstation', path: 'M2 3h12v8H2zM5 14h6M8 11v3' },
	server: { title: 'Server', path: 'M3 2h10v5H3zM3 9h10v5H3zM5 4.500h2M5 11.500h2' },
	phone: { title: 'Phone', path: 'M5 1.500h6v13H5zM7 12.500h2' },
	printer: { title: 'Printer', path: 'M4 6V2h8v4M4 11H2V6h12v5h-2M4 9h8v5H4z' },
	switch: { title: 'Network device', path: 'M2 5h12v6H2zM4 8h1M7 8h1M10 8h2' },
	accessPoint: { title: 'Access point', path: 'M3 7a7 7 0 0 1 10 0M5 9.500a4 4 0 0 1 6 0M8 12v1' },
	camera: { title: 'Camera', path: 'M2 5h8v6H2zM10 7l4-2v6l-4-2' },
	thing: { title: 'Connected thing', path: 'M5 5h6v6H5zM7 2v3M9 2v3M7 11v3M9 11v3M2 7h3M2 9h3M11 7h3M11 9h3' },
	unknown: { title: 'Unknown device', path: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6.500 6.500a1.500 1.500 0 1 1 1.500 1.500v1.500M8 11.500v.5' },
};

/** A device by icon and the name of its profile; the class is there in words too. */
export function device(profile: string): Markup {
	const { title, path } = CLASSES[deviceClass(profile)];
	return html`<span class="source" title="${title}: ${cut(profile, 200)}"><svg viewBox="0 0 16 16" role="img" aria-label="${title}"><path d="${path}"/></svg>${cut(profile, 40)}</span>`;
}

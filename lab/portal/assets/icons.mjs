import { svg } from './dom.mjs';

/** 16 × 16, stroked with the colour of the text. */
const PATHS = {
	laptop: 'M3.5 3.5h9v6.5h-9zM1.5 12.5h13',
	server: 'M3.5 2.5h9v4.5h-9zM3.5 9h9v4.5h-9zM5.5 4.750h.5M5.5 11.250h.5',
	printer: 'M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z',
	phone: 'M5 1.5h6v13H5zM7.5 12.5h1',
	coreSwitch: 'M1.5 4.5h13v7h-13zM4 9.5h.5M6.5 9.5H7M9 9.5h.5M11.5 9.5h.5M4 6.750h8',
	wireless: 'M2 6.5c3.5-3.3 8.5-3.3 12 0M4.3 9c2.2-2 5.2-2 7.4 0M6.6 11.4c.8-.7 2-.7 2.8 0M8 13.3h.01',
	healthy: 'm3.5 8.5 3 3 6-7',
	infected: 'M8 1.8 14.5 13.5h-13zM8 6v3.5M8 11.5h.01',
	detections:
		'M1.5 8C4.5 3.3 11.5 3.3 14.5 8 11.5 12.7 4.5 12.7 1.5 8zM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z',
	quarantined: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
	waiting: 'M4 2h8M4 14h8M5 2c0 3.5 6 4.5 6 0M5 14c0-3.5 6-4.5 6 0M5 2c0 3 2 4.5 3 6 1-1.5 3-3 3-6',
	isolated: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM3.7 3.7l8.6 8.6',
};

/** A picture that says nothing that the text beside it does not. */
export function icon(name) {
	return svg(
		'svg',
		{ class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' },
		svg('path', { d: PATHS[name] }),
	);
}

import { asTyped, elementsOf, textOfElements } from './elements';

/** A field of the policy outside its lists. */
export interface Setting {
	/** JSON path. */
	path: string;
	label: string;
	kind: 'number' | 'duration' | 'text' | 'choice' | 'flag' | 'list';
	choices?: readonly string[];
	/** What an empty field means: `null` in the document, or no field. Without it, an empty field stays a problem. */
	empty?: 'null' | 'absent';
	hint?: string;
}

export interface SettingGroup {
	title: string;
	settings: readonly Setting[];
	/** An object that is `null` while all its fields are empty. */
	optional?: string;
}

const CROSSING = ['contain', 'approve', 'none'] as const;
const DURATION = 'ISO 8601, e.g. PT30M';

export const SETTING_GROUPS: readonly SettingGroup[] = [
	{
		title: 'Mode and thresholds',
		settings: [
			{ path: 'name', label: 'Name', kind: 'text' },
			{ path: 'mode', label: 'Mode', kind: 'choice', choices: ['enforce', 'approval', 'observe'] },
			{ path: 'threshold', label: 'Containment threshold', kind: 'number' },
			{ path: 'rearmBelow', label: 'Fires again below', kind: 'number' },
			{ path: 'bands.yellow', label: 'Yellow from', kind: 'number' },
			{ path: 'bands.orange', label: 'Orange from', kind: 'number' },
			{ path: 'bands.red', label: 'Red from', kind: 'number' },
		],
	},
	{
		title: 'Scoring',
		settings: [
			{ path: 'halfLife', label: 'Half-life', kind: 'duration', empty: 'null', hint: 'Empty: scores never fade' },
			{ path: 'repeat.mode', label: 'Repeats count', kind: 'choice', choices: ['once', 'oncePer', 'every'] },
			{ path: 'repeat.window', label: 'Once per', kind: 'duration', empty: 'absent' },
			{ path: 'sourceCap.factor', label: 'Cap per source, × its largest penalty', kind: 'number', empty: 'null', hint: 'Empty: no cap' },
		],
	},
	{
		title: 'What crossing the threshold means',
		settings: [
			{ path: 'crossing.mac', label: 'MAC address', kind: 'choice', choices: CROSSING },
			{ path: 'crossing.hostname', label: 'Hostname', kind: 'choice', choices: CROSSING },
			{ path: 'crossing.user', label: 'User', kind: 'choice', choices: CROSSING },
			{ path: 'crossing.ip', label: 'IP address', kind: 'choice', choices: CROSSING },
		],
	},
	{
		title: 'Guards',
		settings: [
			{ path: 'guards.minimumSources', label: 'Sources needed without asking', kind: 'number' },
			{ path: 'guards.grace', label: 'Grace after a release', kind: 'duration', hint: DURATION },
			{ path: 'approval.expiry', label: 'Approval expires after', kind: 'duration', hint: DURATION },
			{ path: 'approval.quorum', label: 'Approvers needed', kind: 'number', empty: 'absent', hint: 'Empty: one' },
		],
	},
	{
		title: 'Circuit breaker (empty: none)',
		optional: 'guards.breaker',
		settings: [
			{ path: 'guards.breaker.limit', label: 'Containments', kind: 'number' },
			{ path: 'guards.breaker.window', label: 'Within', kind: 'duration', hint: DURATION },
			{ path: 'guards.breaker.maxShare', label: 'Largest share of hosts (0 to 1)', kind: 'number' },
			{ path: 'guards.breaker.shareFloor', label: 'Share counts above so many hosts', kind: 'number' },
		],
	},
	{
		title: 'Containment and retries',
		settings: [
			{ path: 'containment.ancPolicy', label: 'ISE ANC policy', kind: 'text' },
			{ path: 'containment.isolateConnector', label: 'Isolate the connector too', kind: 'flag' },
			{ path: 'containment.releaseAfter', label: 'Release after', kind: 'duration', empty: 'null', hint: 'Empty: only by a person' },
			{ path: 'containment.releaseFactor', label: 'Longer each time by ×', kind: 'number' },
			{ path: 'containment.releaseMax', label: 'Longest', kind: 'duration', hint: DURATION },
			{ path: 'containment.releaseJitter', label: 'Varied by a share of', kind: 'number' },
			{ path: 'retry.attempts', label: 'Attempts', kind: 'number' },
			{ path: 'retry.backoff', label: 'First wait', kind: 'duration', hint: DURATION },
			{ path: 'retry.maxBackoff', label: 'Longest wait', kind: 'duration', hint: DURATION },
		],
	},
	{
		title: 'Identity',
		settings: [
			{ path: 'identity.internalNetworks', label: 'Internal networks', kind: 'list', hint: 'Separated by |' },
			{ path: 'identity.placeholders', label: 'Words for "not known"', kind: 'list', hint: 'Separated by |' },
			{ path: 'identity.userDomain', label: 'Domain of users', kind: 'choice', choices: ['strip', 'keep'] },
			{ path: 'identity.hostnameDomain', label: 'Domain of hostnames', kind: 'choice', choices: ['strip', 'keep'] },
			{ path: 'identity.currentWindow', label: 'Current endpoint of a user for', kind: 'duration', hint: DURATION },
		],
	},
];

type Json = Record<string, unknown>;

/** What the field of a setting shows. */
export function settingText(draft: Json, { path, kind }: Setting): string {
	const value = at(draft, path);
	if (value === undefined || value === null) return '';
	if (kind === 'list') return textOfElements(value);
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * Writes the settings of a form into a draft. What was not changed stays exactly as it is; what can't be understood
 * stays as typed, so that the validation can name it. Names that are no settings are not looked at.
 */
export function applySettings(draft: Json, form: URLSearchParams): void {
	for (const { settings, optional } of SETTING_GROUPS) {
		const present = settings.filter((setting) => form.has(setting.path) || (setting.kind === 'flag' && form.has('settings')));
		if (present.length === 0) continue;
		if (optional !== undefined && settings.every(({ path }) => (form.get(path) ?? '').trim() === '')) {
			put(draft, optional, null);
			continue;
		}
		for (const setting of present) applySetting(draft, setting, form.get(setting.path)?.trim() ?? '');
	}
}

function applySetting(draft: Json, setting: Setting, text: string): void {
	const { path, kind, empty } = setting;
	if (kind === 'flag') return put(draft, path, text === 'on');
	if (text === asTyped(settingText(draft, setting))) return;
	if (text === '' && empty === 'null') return put(draft, path, null);
	if (text === '' && empty === 'absent') return put(draft, path, undefined);
	put(draft, path, kind === 'number' ? numberOr(text) : kind === 'list' ? elementsOf(text) : text);
}

/** A number, or the text as it is; nothing typed is nothing. */
export function numberOr(text: string): number | string | undefined {
	if (text === '') return undefined;
	const number = Number(text);
	return Number.isFinite(number) ? number : text;
}

function at(value: unknown, path: string): unknown {
	return path.split('.').reduce<unknown>((inner, name) => (isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined), value);
}

/** @param path one of the paths above, never one that came from outside */
function put(draft: Json, path: string, value: unknown): void {
	const names = path.split('.');
	const last = names.pop() as string;
	let inner = draft;
	for (const name of names) {
		const next = Object.hasOwn(inner, name) ? inner[name] : undefined;
		inner = isObject(next) ? next : ((inner[name] = {}) as Json);
	}
	if (value === undefined) delete inner[last];
	else inner[last] = value;
}

export function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

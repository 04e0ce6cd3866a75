import fc from 'fast-check';
import { CURRENT_KINDS, planQueries } from '../../../../nodes/CiscoUmbrella/activityPlan';
import { SECURITY_CATEGORY_IDS } from '../../../../nodes/CiscoUmbrella/categories';
import { ACTIVITY_KINDS } from '../../../../nodes/CiscoUmbrella/records';
import { parseTime } from '../../../../nodes/CiscoUmbrella/timeWindow';

const categories = SECURITY_CATEGORY_IDS.join(',');

describe('planQueries', () => {
	it('covers all security activity with four calls, selected by the server', () => {
		expect(planQueries(CURRENT_KINDS, {}, true)).toEqual([
			{ path: '/activity', query: { categories }, headers: { 'x-traffic-type': 'dns,proxy,firewall' } },
			{ path: '/activity/proxy', query: { ampdisposition: 'malicious', order: 'asc' } },
			{ path: '/activity/intrusion', query: {} },
			{ path: '/activity/amp-retrospective', query: { ampdisposition: 'malicious' } },
		]);
	});

	it('asks a single kind at its own report', () => {
		expect(planQueries(['dns'], {}, true)).toEqual([
			{ path: '/activity/dns', query: { categories, order: 'asc' } },
		]);
		expect(planQueries(['firewall'], {}, false)).toEqual([{ path: '/activity/firewall', query: {} }]);
	});

	it('lets filters replace the security categories, and leaves out kinds that lack the property', () => {
		expect(planQueries(CURRENT_KINDS, { categories: '66' }, true)).toEqual([
			{ path: '/activity', query: { categories: '66' }, headers: { 'x-traffic-type': 'dns,proxy,firewall' } },
		]);
		expect(planQueries(['dns', 'intrusion'], { threats: 'Wannacry' }, true)).toEqual([
			{ path: '/activity/dns', query: { threats: 'Wannacry', order: 'asc' } },
		]);
		expect(planQueries(['intrusion'], { domains: 'a.example' }, true)).toEqual([]);
	});

	it('never sends a parameter that Cisco does not document for the report', () => {
		const documented: Record<string, string[]> = {
			'/activity': ['domains', 'categories', 'ip', 'identityids', 'verdict', 'threats'],
			'/activity/dns': ['domains', 'categories', 'ip', 'identityids', 'verdict', 'threats', 'order'],
			'/activity/proxy': [
				'domains',
				'categories',
				'ip',
				'identityids',
				'verdict',
				'threats',
				'order',
				'ampdisposition',
			],
			'/activity/firewall': ['categories', 'ip', 'identityids', 'verdict'],
			'/activity/ip': ['categories', 'ip', 'identityids', 'verdict'],
			'/activity/intrusion': ['ip', 'identityids'],
			'/activity/amp-retrospective': ['ampdisposition'],
		};
		const text = fc.constantFrom('', 'x');
		const filters = fc.record({
			domains: text,
			categories: text,
			ip: text,
			identityids: text,
			verdict: text,
			threats: text,
		});
		fc.assert(
			fc.property(fc.subarray([...ACTIVITY_KINDS]), filters, fc.boolean(), (kinds, given, securityOnly) => {
				for (const { path, query } of planQueries(kinds, given, securityOnly)) {
					expect(documented[path]).toEqual(expect.arrayContaining(Object.keys(query)));
				}
			}),
		);
	});
});

describe('parseTime', () => {
	const now = Date.parse('2026-01-31T12:00:00Z');
	it.each([
		['now', now],
		['-1days', now - 86_400_000],
		['-24hours', now - 86_400_000],
		['-30 minutes', now - 1_800_000],
		['1769860800000', 1769860800000],
		[1769860800000, 1769860800000],
		['2026-01-31T08:00:00Z', Date.parse('2026-01-31T08:00:00Z')],
		['2026-01-31T08:00:00.123+02:00', Date.parse('2026-01-31T06:00:00.123Z')],
		['2026-01-31T08:00:00', Date.parse('2026-01-31T07:00:00Z')],
		[new Date(now), now],
	])('reads %p', (value, expected) => expect(parseTime(value, now, 'Europe/Berlin')).toBe(expected));

	it.each(['', 'yesterday', '-1', '5', '-1 fortnights', null, {}, new Date('x')])(
		'does not understand %p',
		(value) => expect(parseTime(value, now, 'UTC')).toBeUndefined(),
	);
});

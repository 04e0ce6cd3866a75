import { createRouter } from '../../../../../lab/vendors/shared/router';

describe('createRouter', () => {
	const router = createRouter<string>();
	router.on('GET', '/v1/computers/:guid', 'one');
	router.on('GET', '/v1/computers/activity', 'activity');
	router.on('DELETE', '/v1/computers/:guid', 'remove');

	it('prefers a fixed path over a parameter, and decodes parameters', () => {
		expect(router.find('GET', '/v1/computers/activity')?.handler).toBe('activity');
		expect(router.find('GET', '/v1/computers/a%2Fb')).toEqual({ handler: 'one', params: { guid: 'a/b' } });
	});

	it('names the methods of a known path only', () => {
		expect(router.methods('/v1/computers/x')).toEqual(['GET', 'DELETE']);
		expect(router.methods('/v1/nothing')).toEqual([]);
	});
});

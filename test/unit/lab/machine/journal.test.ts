import { Journal, maskedPath, pathMatches, type NewEntry } from '../../../../lab/machine/journal';

function entry(change: Partial<NewEntry> = {}): NewEntry {
	const time = '2026-01-01T00:00:00.000Z';
	return { time, vendor: 'a', method: 'GET', path: '/x', status: 200, durationMs: 1, ...change };
}

describe('maskedPath', () => {
	it.each([
		['/v1/events?limit=5&event_type[]=1', '/v1/events?limit=5&event_type[]=1'],
		['/1.0/events?customerKey=s3cret', '/1.0/events?customerKey=***'],
		['/x?a=1&access_token=s3cret&b=2', '/x?a=1&access_token=***&b=2'],
		['/x?Password=s3cret', '/x?Password=***'],
		['/x?client_secret=s3cret&unlock_code=s3cret', '/x?client_secret=***&unlock_code=***'],
		['/x?a=b%20c&token=s3cret', '/x?a=b%20c&token=***'],
		['/x', '/x'],
	])('%s', (path, expected) => {
		const masked = maskedPath(new URL(path, 'https://host.example'));
		expect(masked).toBe(expected);
		expect(masked).not.toContain('s3cret');
	});
});

describe('pathMatches', () => {
	it.each([
		['/v1/events', '/v1/events', true],
		['/v1/events', '/v1/events/2', false],
		['/v1/*', '/v1/events/2', true],
		['*/isolation', '/v1/computers/x/isolation', true],
		['/v1.0/x', '/v1a0/x', false],
	])('%s on %s: %s', (pattern, path, expected) => expect(pathMatches(pattern, path)).toBe(expected));
});

describe('the journal', () => {
	it('tells avoidable 429 answers from injected ones', () => {
		const journal = new Journal();
		expect(journal.add(entry({ status: 429 })).avoidable429).toBe(true);
		expect(journal.add(entry({ status: 429, fault: 'status' })).avoidable429).toBe(false);
		expect(journal.totals()).toMatchObject({ calls: 2, rateLimited: 1 });
	});

	it('forgets entries but never totals', () => {
		const journal = new Journal(3);
		for (let call = 0; call < 10; call++) journal.add(entry({ violation: call === 0 ? 'bad' : undefined }));
		const { entries, total, totals } = journal.query();
		expect(entries.map(({ seq }) => seq)).toEqual([8, 9, 10]);
		expect(total).toBe(3);
		expect(totals).toMatchObject({ calls: 10, violations: 1, byVendor: { a: { calls: 10, violations: 1 } } });
	});

	it('keeps the order when the ring is exactly full', () => {
		const journal = new Journal(3);
		for (let call = 0; call < 3; call++) journal.add(entry());
		expect(journal.query().entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
	});

	it.each([
		[{ vendor: 'b' }, [2]],
		[{ method: 'post' }, [3]],
		[{ path: 'needle' }, [4]],
		[{ path: '/x/*/z' }, [5]],
		[{ status: 404 }, [6]],
		[{ violations: true }, [7]],
		[{ since: 5 }, [6, 7]],
		[{ since: 2, limit: 2 }, [3, 4]],
		[{ limit: 2 }, [6, 7]],
		[{ limit: 0 }, []],
	])('filters by %j', (filter, expected) => {
		const journal = new Journal();
		const changes: Partial<NewEntry>[] = [
			{},
			{ vendor: 'b' },
			{ method: 'POST' },
			{ path: '/needle' },
			{ path: '/x/y/z?q=1' },
			{ status: 404 },
			{ violation: 'bad' },
		];
		for (const change of changes) journal.add(entry(change));
		expect(journal.query(filter).entries.map(({ seq }) => seq)).toEqual(expected);
	});
});

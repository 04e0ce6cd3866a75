import { misuse } from '../shared/refusal';
import { listAnswer, notFound, ok, type WebexRoutes } from './answers';
import { ORGANIZATION_ID, PEOPLE, type Person } from './model';

/** `/v1/people`: oneself, by id, and by e-mail, name or list of ids. */
export const peopleRoutes: WebexRoutes = (on) => {
	on('GET', '/people/me', ({ caller }) => ok(full(caller)));
	on('GET', '/people/:id', ({ params }) => {
		const person = PEOPLE.find(({ id }) => id === params.id);
		if (!person) throw notFound();
		return ok(full(person));
	});
	on('GET', '/people', (call) => {
		const { query } = call;
		const [email, name, ids] = [query.get('email'), query.get('displayName'), query.get('id')?.split(',')];
		if (!email && !name && !ids) throw misuse(400, 'Email, displayName, or id list should be specified.');
		const rows = PEOPLE.filter(
			(person) =>
				(!email || person.email === email.toLowerCase()) &&
				(!name || person.displayName.startsWith(name)) &&
				(!ids || ids.includes(person.id)),
		);
		return listAnswer(call, rows.map(full), ['email', 'displayName', 'id', 'orgId']);
	});
};

function full({ id, email, displayName, type }: Person) {
	const [firstName, lastName] = displayName.split(' ');
	return {
		id,
		emails: [email],
		displayName,
		nickName: firstName,
		firstName,
		lastName,
		orgId: ORGANIZATION_ID,
		created: '2026-01-01T00:00:00.000Z',
		status: 'active',
		type,
	};
}

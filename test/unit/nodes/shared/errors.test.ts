import { isTemporary, networkError, parameterError, quotaError, responseError } from '../../../../nodes/shared/errors';
import { fakeNode } from '../support/fakeContext';

const call = { method: 'GET' as const, path: '/v1/events?customerKey=topsecret', itemIndex: 2 };

describe('responseError', () => {
	it('tells product, status, path, the vendor text and what to do', () => {
		const error = responseError(
			fakeNode,
			'Secure Endpoint',
			call,
			answer(401),
			'Unknown API key or Client ID',
		);
		expect(error.message).toBe('Secure Endpoint answered 401 to GET /v1/events');
		expect(error.description).toBe(
			'Unknown API key or Client ID Check the credential: the product does not accept it.',
		);
		expect(error.httpCode).toBe('401');
		expect(error.context.itemIndex).toBe(2);
	});

	it('never shows the query or the answer', () => {
		const error = responseError(fakeNode, 'X', call, { ...answer(500), text: 'echoed topsecret' });
		expect(JSON.stringify(error) + error.message + String(error.description)).not.toContain('topsecret');
	});
});

describe('networkError', () => {
	it.each([
		['ECONNREFUSED', 'X could not be reached: the connection was refused'],
		['ETIMEDOUT', 'X could not be reached: no answer in time'],
		['ENOTFOUND', 'X could not be reached: the host name is not known'],
		['SELF_SIGNED_CERT_IN_CHAIN', 'X could not be reached: its certificate is not trusted'],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'X could not be reached: its certificate is not trusted'],
		['ERR_SOMETHING', 'X could not be reached: ERR_SOMETHING'],
	])('%s', (code, message) => {
		const error = networkError(fakeNode, 'X', call, Object.assign(new Error('boom'), { code }));
		expect(error.message).toBe(message);
		expect(error.description).toContain(code);
	});

	it('gives the message when there is no code', () => {
		expect(networkError(fakeNode, 'X', call, new Error('boom')).message).toBe('X could not be reached: boom');
	});
});

describe('isTemporary', () => {
	it.each([
		[400, false],
		[401, false],
		[403, false],
		[404, false],
		[409, false],
		[429, true],
		[500, true],
		[503, true],
	])('%d: %s', (status, expected) =>
		expect(isTemporary(responseError(fakeNode, 'X', call, answer(status)))).toBe(expected),
	);

	it('no answer and a used up quota are, a wrong parameter and a bug are not', () => {
		expect(isTemporary(networkError(fakeNode, 'X', call, new Error('boom')))).toBe(true);
		expect(isTemporary(quotaError(fakeNode, 'X', call, 5_000))).toBe(true);
		expect(isTemporary(parameterError(fakeNode, 'Field is empty', 0))).toBe(false);
		expect(isTemporary(new TypeError('x is not a function'))).toBe(false);
	});

	it('an error about several says it of itself', () => {
		const error = parameterError(fakeNode, '2 of 3 failed', 0);
		error.context.temporary = true;
		expect(isTemporary(error)).toBe(true);
	});
});

it('parameterError names the item', () => {
	const error = parameterError(fakeNode, 'SHA-256 is not valid', 4, 'Give 64 hexadecimal digits.');
	expect(error).toMatchObject({
		message: 'SHA-256 is not valid',
		description: 'Give 64 hexadecimal digits.',
	});
	expect(error.context.itemIndex).toBe(4);
});

const answer = (status: number) => ({ status, headers: {}, text: '' });

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { QUARANTINE_SCHEMA, RELEASE_SCHEMA, type RequestSchema } from '../../../../nodes/RtcManualQuarantine/schema';

interface Document {
	openapi: string;
	paths: Record<string, { post: { requestBody: { content: Record<string, { schema: { $ref: string } }> }; responses: object } }>;
	components: { schemas: Record<string, RequestSchema> };
}

const text = readFileSync(path.join(__dirname, '../../../../docs/openapi.yaml'), 'utf8');
const document = parse(text, { merge: true }) as Document;

it.each([
	['/quarantine', 'QuarantineRequest', QUARANTINE_SCHEMA],
	['/release', 'ReleaseRequest', RELEASE_SCHEMA],
])('the body of %s is described as the trigger enforces it', (route, name, schema) => {
	const { $ref } = document.paths[route].post.requestBody.content['application/json'].schema;
	expect($ref).toBe(`#/components/schemas/${name}`);
	expect(document.components.schemas[name]).toEqual(schema);
});

it('every status that the door and the workflow answer is described', () => {
	const described = Object.keys(document.paths['/quarantine'].post.responses).sort();
	expect(described).toEqual(['202', '400', '401', '403', '404', '409', '413', '422', '429', '500', '503']);
	expect(Object.keys(document.paths)).toEqual(['/quarantine', '/release']);
});

it('every reference in it leads somewhere', () => {
	const references = [...text.matchAll(/\$ref: '#\/([^']+)'/g)].map(([, target]) => target);
	expect(references.length).toBeGreaterThan(10);
	for (const target of references) {
		const found = target.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
		expect([target, typeof found]).toEqual([target, 'object']);
	}
});

it.each([QUARANTINE_SCHEMA, RELEASE_SCHEMA])('every pattern takes its own example', ({ properties }) => {
	for (const [name, { pattern, example }] of Object.entries(properties)) {
		if (pattern) expect([name, new RegExp(pattern, 'u').test(String(example))]).toEqual([name, true]);
	}
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ICredentialType, INodeProperties, INodePropertyOptions, INodeType } from 'n8n-workflow';
import ownPackage from '../../../package.json';

/** What n8n expects of a community package, for every node and credential that package.json lists. */
const root = path.join(__dirname, '../../..');
const REPOSITORY = `${ownPackage.homepage}/blob/main/`;

/** https://docs.n8n.io/integrations/creating-nodes/build/reference/node-codex-files/ */
const CATEGORIES = [
	'AI',
	'Analytics',
	'Communication',
	'Core Nodes',
	'Data & Storage',
	'Development',
	'Finance & Accounting',
	'Marketing & Content',
	'Miscellaneous',
	'Productivity',
	'Sales',
	'Utility',
];

interface Codex {
	node: string;
	nodeVersion: string;
	codexVersion: string;
	categories: string[];
	alias: string[];
	resources: Record<'primaryDocumentation' | 'credentialDocumentation', { url: string }[]>;
}

/** A listed file: `dist/nodes/A/B.node.js` is built from `nodes/A/B.node.ts`. */
function listed<T>(files: string[]): { name: string; source: string; instance: T }[] {
	return files.map((file) => {
		const source = file.replace(/^dist\//, '').replace(/\.js$/, '.ts');
		const name = path.basename(source).split('.')[0];
		const module = jest.requireActual<Record<string, new () => T>>(path.join(root, source));
		return { name, source, instance: new module[name]() };
	});
}

const nodes = listed<INodeType>(ownPackage.n8n.nodes).map((node) => ({
	...node,
	description: node.instance.description,
	codex: JSON.parse(readFileSync(path.join(root, node.source.replace(/ts$/, 'json')), 'utf8')) as Codex,
}));
const credentials = listed<ICredentialType>(ownPackage.n8n.credentials);

const sources = (folder: string, ending: string) =>
	readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith(ending))
		.map((file) => `${folder}/${file}`)
		.sort();

/** Where the link of a heading leads, as GitHub makes it. */
const anchorsOf = (markdown: string) =>
	[...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);

/** What is wrong with an address of documentation; ours has to be in the repository. */
function problemOf(url: string): string | undefined {
	if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return `${url} is no https address`;
	if (!url.startsWith(ownPackage.homepage)) return undefined;
	const [file, anchor] = url.slice(REPOSITORY.length).split('#');
	if (!url.startsWith(REPOSITORY) || !existsSync(path.join(root, file))) return `${url} does not exist`;
	const anchors = anchorsOf(readFileSync(path.join(root, file), 'utf8'));
	return anchor === undefined || anchors.includes(anchor) ? undefined : `${file} has no heading #${anchor}`;
}

/** Both variants, as paths in the repository. */
function iconsOf(source: string, icon: unknown): string[] {
	const { light, dark } = icon as { light: string; dark: string };
	return [light, dark].map((file) => path.join(path.dirname(source), file.replace(/^file:/, '')));
}

function checkIcons(source: string, icon: unknown): void {
	const files = iconsOf(source, icon);
	expect(new Set(files).size).toBe(2);
	const pictures = files.map((file) => readFileSync(path.join(root, file), 'utf8'));
	expect(pictures[0]).not.toBe(pictures[1]);
	for (const picture of pictures) {
		expect(picture).toMatch(/^<svg [^>]*viewBox="0 0 (\d+) \1"/);
		expect(picture).not.toMatch(/<script|<image|href=|url\(http/i);
	}
}

const isTrigger = ({ description: { group } }: (typeof nodes)[number]) => group.includes('trigger');
const optionsOf = ({ options }: INodeProperties) => (options ?? []) as INodePropertyOptions[];
const operationsOf = ({ description }: (typeof nodes)[number]) =>
	description.properties.filter(({ name }) => name === 'operation').flatMap(optionsOf);

it('the package lists every node and credential, and lists them in order', () => {
	expect(nodes.map(({ source }) => source)).toEqual(sources('nodes', '.node.ts'));
	expect(credentials.map(({ source }) => source)).toEqual(sources('credentials', '.credentials.ts'));
});

describe.each(nodes.map((node) => [node.description.displayName, node] as const))('%s', (_, node) => {
	const { name, source, description, codex, instance } = node;

	it('is called as its file, and a trigger as such', () => {
		expect(description.name).toBe(name[0].toLowerCase() + name.slice(1));
		expect(description.defaults.name).toBe(description.displayName);
		expect(description.displayName.endsWith('Trigger')).toBe(name.endsWith('Trigger'));
		if (name.endsWith('Trigger')) expect(isTrigger(node)).toBe(true);
		expect(description.inputs).toHaveLength(isTrigger(node) ? 0 : 1);
		expect(description.description).toMatch(/^[A-Z].{20,}/);
	});

	it('has a codex that n8n finds', () => {
		expect(codex).toMatchObject({
			node: `${ownPackage.name}.${description.name}`,
			nodeVersion: '1.0',
			codexVersion: '1.0',
		});
		expect(codex.categories.filter((category) => !CATEGORIES.includes(category))).toEqual([]);
		expect(codex.categories.length).toBeGreaterThan(0);
		expect(codex.alias.length).toBeGreaterThan(2);
		expect(new Set(codex.alias).size).toBe(codex.alias.length);
	});

	it('is documented in this repository, and so are its credentials or at the vendor', () => {
		const { primaryDocumentation, credentialDocumentation } = codex.resources;
		expect(primaryDocumentation.map(({ url }) => url)).toEqual([
			expect.stringContaining(`${REPOSITORY}docs/`),
		]);
		expect(credentialDocumentation.length).toBeGreaterThan(0);
		const problems = [...primaryDocumentation, ...credentialDocumentation].map(({ url }) => problemOf(url));
		expect(problems.filter(Boolean)).toEqual([]);
	});

	it('has an icon for light and one for dark', () => checkIcons(source, description.icon));

	it('says in its subtitle what it does', () => {
		const { subtitle = '' } = description;
		expect(subtitle).not.toBe('');
		const mentioned = [...subtitle.matchAll(/\$parameter\["(\w+)"\]/g)].map(([, parameter]) => parameter);
		expect(mentioned.length > 0).toBe(subtitle.startsWith('='));
		const known = description.properties.map((property) => property.name);
		expect(mentioned.filter((parameter) => !known.includes(parameter))).toEqual([]);
	});

	it('is a tool for agents when it reads something', () => {
		const reads = operationsOf(node).some(({ value }) => /^(get|find|verify)/.test(String(value)));
		expect(description.usableAsTool === true).toBe(reads);
		if (isTrigger(node)) expect(reads).toBe(false);
	});

	it('names an action for every operation', () => {
		const operations = operationsOf(node);
		expect(operations.filter(({ action }) => !/^[A-Z]/.test(action ?? '')).map((one) => one.value)).toEqual(
			[],
		);
		for (const property of description.properties.filter((one) => one.name === 'operation')) {
			expect(optionsOf(property).map(({ value }) => value)).toContain(property.default);
			expect(property.noDataExpression).toBe(true);
		}
	});

	it('asks for credentials that the package has, each of them tested', () => {
		const types = new Map(credentials.map((credential) => [credential.instance.name, credential.instance]));
		const tests = Object.keys(instance.methods?.credentialTest ?? {});
		for (const { name: type, testedBy } of description.credentials ?? []) {
			expect(types.has(type)).toBe(true);
			if (testedBy !== undefined) expect(tests).toContain(testedBy);
		}
	});
});

describe.each(credentials.map(({ instance, source }) => [instance.displayName, instance, source] as const))(
	'credential %s',
	(displayName, credential, source) => {
		it('is named, documented, and has both icons', () => {
			expect(path.basename(source)).toBe(
				`${credential.name[0].toUpperCase()}${credential.name.slice(1)}.credentials.ts`,
			);
			expect(displayName).toMatch(/ API$/);
			expect(problemOf(credential.documentationUrl ?? '')).toBeUndefined();
			checkIcons(source, credential.icon);
		});

		it('hides its secrets', () => {
			const secret = /password|secret|apiKey|token|privateKey|passphrase/i;
			const shown = fieldsOf(credential.properties).filter(
				({ name, type, typeOptions }) => type === 'string' && secret.test(name) && !typeOptions?.password,
			);
			expect(shown.map(({ name }) => name)).toEqual([]);
		});

		it('is used and tested by a node', () => {
			const users = nodes.flatMap(({ description }) => description.credentials ?? []);
			const uses = users.filter(({ name }) => name === credential.name);
			expect(uses.length).toBeGreaterThan(0);
			expect(credential.test !== undefined || uses.some(({ testedBy }) => testedBy !== undefined)).toBe(true);
		});
	},
);

/** Fields, those within collections too. */
function fieldsOf(properties: INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => {
		const inner = (property.options ?? []).flatMap((option) => ('values' in option ? option.values : []));
		return [property, ...fieldsOf(inner)];
	});
}

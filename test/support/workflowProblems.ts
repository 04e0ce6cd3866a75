import { NodeHelpers, type INode, type INodeProperties, type INodeTypeDescription } from 'n8n-workflow';
import type { BundledWorkflow } from './bundledWorkflows';

/**
 * What would go wrong when somebody imports a workflow: unknown node types, versions, parameters, options and
 * credentials, loose connections, missing sub-workflows, secrets inside. One sentence each.
 */
export function problemsOf(workflow: BundledWorkflow, types: INodeTypeDescription[], workflowIds: string[]): string[] {
	return [
		...identityProblems(workflow),
		...connectionProblems(workflow),
		...workflow.nodes.flatMap((node) => nodeProblems(node, types).map((problem) => `${node.name}: ${problem}`)),
		...referenceProblems(workflow, workflowIds),
		...overlapProblems(workflow),
	];
}

function identityProblems({ id, active, nodes }: BundledWorkflow): string[] {
	const ids = nodes.map((node) => node.id);
	const names = nodes.map((node) => node.name);
	return [
		...(/^[\w-]{1,21}$/.test(id) ? [] : [`the id ${id} is not one that n8n takes`]),
		...(active ? ['it is active before the user set it up'] : []),
		...(new Set(ids).size === ids.length ? [] : ['two nodes have the same id']),
		...(new Set(names).size === names.length ? [] : ['two nodes have the same name']),
	];
}

function connectionProblems({ connections, nodes }: BundledWorkflow): string[] {
	const names = new Set(nodes.map(({ name }) => name));
	const targets = Object.values(connections).flatMap(({ main = [] }) => main.flatMap((output) => output ?? []));
	const named = [...Object.keys(connections), ...targets.map(({ node }) => node)];
	const connected = new Set(named);
	const expressions = JSON.stringify(nodes.map(({ parameters }) => parameters));
	const mentioned = [...expressions.matchAll(/\$\('([^']+)'\)/g)].map(([, name]) => name);
	return [
		...[...named, ...mentioned].filter((name) => !names.has(name)).map((name) => `there is no node "${name}"`),
		...nodes
			.filter(({ name, type }) => type !== 'n8n-nodes-base.stickyNote' && !connected.has(name))
			.map(({ name }) => `"${name}" is not connected`),
	];
}

function nodeProblems(node: INode, types: INodeTypeDescription[]): string[] {
	const versions = types.filter(({ name }) => name === node.type);
	if (versions.length === 0) return [`the node type ${node.type} does not exist`];
	const description = versions.find(({ version }) => [version].flat().includes(node.typeVersion));
	if (!description) return [`version ${node.typeVersion} of ${node.type} does not exist`];
	return [
		...parameterProblems(node, description),
		...credentialProblems(node, description),
		...missingParameters(node, description),
	];
}

/** Parameters that the editor would not show for these choices, and options that don't exist. */
function parameterProblems(node: INode, description: INodeTypeDescription): string[] {
	const values = withDefaults(node, description.properties);
	return Object.entries(node.parameters).flatMap(([name, value]) => {
		const shown = description.properties.filter(
			(property) => property.name === name && NodeHelpers.displayParameter(values, property, node, description),
		);
		if (shown.length === 0) return [`the parameter "${name}" does not exist for these choices`];
		return shown.some((property) => accepts(property, value)) ? [] : [`${JSON.stringify(value)} is no value of "${name}"`];
	});
}

function accepts(property: INodeProperties, value: unknown): boolean {
	if (typeof value === 'string' && value.startsWith('=')) return true;
	if (property.type === 'collection' || property.type === 'fixedCollection') {
		const known = (property.options ?? []).map(({ name }) => name);
		return Object.keys(value as object).every((key) => known.includes(key));
	}
	if (property.type !== 'options' && property.type !== 'multiOptions') return true;
	if (property.typeOptions?.loadOptionsMethod) return true;
	const values = (property.options ?? []).map((option) => ('value' in option ? option.value : undefined));
	return [value].flat().every((single) => values.includes(single as string));
}

function credentialProblems(node: INode, { credentials = [] }: INodeTypeDescription): string[] {
	const chosen = [node.parameters.nodeCredentialType, node.parameters.genericAuthType].filter((type) => typeof type === 'string');
	const known = [...credentials.map(({ name }) => name), ...chosen];
	return Object.entries(node.credentials ?? {}).flatMap(([type, { id }]) => [
		...(known.includes(type) ? [] : [`the credential type ${type} is not one of ${known.join(', ')}`]),
		...(id === null ? [] : [`the credential ${type} carries an id`]),
	]);
}

function missingParameters(node: INode, { properties }: INodeTypeDescription): string[] {
	const issues = NodeHelpers.getNodeParametersIssues(
		properties,
		{ ...node, parameters: withDefaults(node, properties) },
		null,
	);
	return Object.values(issues?.parameters ?? {}).flat();
}

function withDefaults(node: INode, properties: INodeProperties[]) {
	return NodeHelpers.getNodeParameters(properties, node.parameters, true, false, node, null) ?? {};
}

function referenceProblems({ nodes, settings }: BundledWorkflow, ids: string[]): string[] {
	const called = nodes
		.filter(({ type }) => type === 'n8n-nodes-base.executeWorkflow')
		.map(({ parameters }) => (parameters.workflowId as { value: string }).value);
	const all = settings.errorWorkflow ? [...called, settings.errorWorkflow] : called;
	return all.filter((id) => !ids.includes(id)).map((id) => `the workflow ${id} is not bundled`);
}

interface Rectangle {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** Pairs of nodes and notes that the editor would draw over one another. */
function overlapProblems({ nodes }: BundledWorkflow): string[] {
	const drawn = nodes.map(rectangleOf);
	return drawn.flatMap((one, index) =>
		drawn
			.slice(index + 1)
			.filter((other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
			.map((other) => `"${one.name}" and "${other.name}" lie over one another`),
	);
}

/** The editor's sizes in pixels: 96 for a node; a note has its own, by default 240 × 160. */
function rectangleOf({ name, type, position: [left, top], parameters }: INode): Rectangle {
	const isNote = type === 'n8n-nodes-base.stickyNote';
	const [width, height] = isNote ? [Number(parameters.width ?? 240), Number(parameters.height ?? 160)] : [96, 96];
	return { name, left, top, right: left + width, bottom: top + height };
}

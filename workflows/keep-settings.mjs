// Puts what somebody entered into the workflows of an older version of the pack into those of this version:
//   node keep-settings.mjs <folder that n8n export:workflow --backup wrote> <folder for n8n import:workflow --separate>
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SET = 'n8n-nodes-base.set';
const SCHEDULE = 'n8n-nodes-base.scheduleTrigger';

const [before, after] = process.argv.slice(2);
if (!before || !after) {
	process.stderr.write('Say where the exported workflows are, and where the new ones go: keep-settings.mjs <before> <after>\n');
	process.exit(1);
}
const mine = new Map([...workflowsIn(before)].map(([, workflow]) => [workflow.id, workflow]));
mkdirSync(after, { recursive: true });
for (const [file, workflow] of workflowsIn(import.meta.dirname)) {
	const old = mine.get(workflow.id);
	if (old) keep(workflow, old);
	writeFileSync(path.join(after, file), `${JSON.stringify(workflow, null, 2)}\n`);
	process.stdout.write(`${workflow.name}: ${old ? 'kept what was entered' : 'is new'}\n`);
}

function workflowsIn(folder) {
	const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
	return files.map((file) => [file, JSON.parse(readFileSync(path.join(folder, file), 'utf8'))]);
}

function keep(workflow, old) {
	if (old.settings?.timezone) workflow.settings.timezone = old.settings.timezone;
	for (const node of workflow.nodes) {
		const same = old.nodes.find(({ name, type }) => name === node.name && type === node.type);
		if (same) keepNode(node, same);
	}
}

/** Credentials that are new in this version stay beside those that were chosen. */
function keepNode(node, { disabled, credentials, parameters }) {
	node.disabled = disabled === true;
	if (node.credentials) node.credentials = { ...node.credentials, ...credentials };
	if (node.type === SCHEDULE) node.parameters.rule = parameters.rule;
	if (node.type === SET) keepAssignments(node.parameters.assignments, parameters.assignments);
}

/** Only what people enter: expressions belong to the version. */
function keepAssignments(fields, old) {
	for (const field of fields?.assignments ?? []) {
		const same = old?.assignments?.find(({ name }) => name === field.name);
		if (same && field.name.startsWith('settings.')) field.value = same.value;
	}
}

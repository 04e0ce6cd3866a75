import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { IConnections, INode, IWorkflowSettings } from 'n8n-workflow';

export interface BundledWorkflow {
	file: string;
	id: string;
	name: string;
	active: boolean;
	nodes: INode[];
	connections: IConnections;
	settings: IWorkflowSettings;
}

const folder = path.join(__dirname, '../../workflows');

export function bundledWorkflows(): BundledWorkflow[] {
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => ({ file, ...(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Omit<BundledWorkflow, 'file'>) }));
}

import path from 'node:path';
import { NodeHelpers, type INodeType, type INodeTypes, type IVersionedNodeType } from 'n8n-workflow';
import ownPackage from '../../package.json';

const root = path.join(__dirname, '../..');
const basePath = path.join(root, 'lab/app/node_modules/n8n-nodes-base');
const base = jest.requireActual<typeof ownPackage>(path.join(basePath, 'package.json'));

/** The pack's node types from source, n8n's own from the installed n8n; each loaded when it is first used. */
export class EngineNodeTypes implements INodeTypes {
	private readonly loaded = new Map<string, INodeType | IVersionedNodeType>();

	getByName(type: string): INodeType | IVersionedNodeType {
		const known = this.loaded.get(type);
		if (known) return known;
		const file = fileOf(type);
		const module = jest.requireActual<Record<string, new () => INodeType>>(file);
		const node = new module[path.basename(file).split('.')[0]]();
		this.loaded.set(type, node);
		return node;
	}

	getByNameAndVersion(type: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(type), version);
	}

	getKnownTypes(): Record<string, never> {
		return {};
	}
}

function fileOf(type: string): string {
	const [packageName, name] = type.split('.');
	const own = packageName === ownPackage.name;
	const files = (own ? ownPackage : base).n8n.nodes;
	const found = files.find((file) => path.basename(file).toLowerCase() === `${name.toLowerCase()}.node.js`);
	if (!found) throw new Error(`There is no node type ${type}`);
	return own
		? path.join(root, found.replace(/^dist\//, '').replace(/\.js$/, ''))
		: path.join(basePath, found);
}

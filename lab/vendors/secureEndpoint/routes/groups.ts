import { misuse, Refusal } from '../../shared/refusal';
import { single } from '../envelope';
import { type Group, type Policy, PRODUCTS } from '../estate';
import { answerPage, bodyFields, type Call, PAGING, requiredText, type Route, textField } from '../route';

const POLICY_FIELDS = PRODUCTS.map((product) => `${product}_policy_guid`);

function groupSummary({ estate }: Call, group: Group): Record<string, unknown> {
	const link = `${estate.origin}/v1/groups/`;
	return {
		name: group.name,
		description: group.description,
		guid: group.guid,
		source: null,
		links: {
			group: link + group.guid,
			...(group.parentGuid ? { parent: link + group.parentGuid } : {}),
		},
	};
}

function policySummary({ estate }: Call, policy: Policy): Record<string, unknown> {
	const link = `${estate.origin}/v1/policies/${policy.guid}`;
	return {
		name: policy.name,
		description: policy.description,
		guid: policy.guid,
		product: policy.product,
		default: policy.name === 'Protect Policy',
		serial_number: policy.serialNumber,
		links: { policy: link, policy_xml: `${link}.xml` },
	};
}

function groupDetail(call: Call, group: Group): Record<string, unknown> {
	const { groups, policies } = call.estate;
	const parent = groups.find(({ guid }) => guid === group.parentGuid);
	const assigned = Object.values(group.policies);
	return {
		...groupSummary(call, group),
		created_at: `${new Date(group.createdAt).toISOString().slice(0, 19)}Z`,
		...(parent ? { ancestry: [{ name: parent.name, guid: parent.guid }] } : {}),
		child_groups: groups
			.filter(({ parentGuid }) => parentGuid === group.guid)
			.map((child) => groupSummary(call, child)),
		policies: policies
			.filter(({ guid }) => assigned.includes(guid))
			.map((policy) => policySummary(call, policy)),
	};
}

function groupOf({ estate, params }: Call): Group {
	const group = estate.groups.find(({ guid }) => guid === params.guid);
	if (!group) throw new Refusal(404, `Group not found: ${params.guid}`);
	return group;
}

function refuseTakenName(call: Call, name: string, except?: Group): void {
	const taken = call.estate.groups.some((group) => group.name === name && group !== except);
	if (taken) throw new Refusal(409, `Group name is already taken: ${name}`);
}

const listGroups: Route = {
	method: 'GET',
	path: '/groups',
	query: ['name', ...PAGING],
	handle(call) {
		const name = call.query.get('name')?.toLowerCase();
		const groups = call.estate.groups.filter((group) => !name || group.name.toLowerCase().includes(name));
		return answerPage(call, groups, (group) => groupSummary(call, group));
	},
};

const createGroup: Route = {
	method: 'POST',
	path: '/groups',
	writes: true,
	handle(call) {
		const fields = bodyFields(call, ['name', 'description']);
		const name = requiredText(fields, 'name');
		const description = textField(fields, 'description') ?? '';
		refuseTakenName(call, name);
		const { groups } = call.estate;
		const policies = { ...groups[0].policies };
		const group = { guid: call.estate.newGuid(), name, description, createdAt: call.now, policies };
		groups.push(group);
		return single(call.url, groupDetail(call, group), 201);
	},
};

const getGroup: Route = {
	method: 'GET',
	path: '/groups/:guid',
	handle: (call) => single(call.url, groupDetail(call, groupOf(call))),
};

const updateGroup: Route = {
	method: 'PATCH',
	path: '/groups/:guid',
	writes: true,
	handle(call) {
		const group = groupOf(call);
		const fields = bodyFields(call, ['name', 'description', ...POLICY_FIELDS]);
		const name = textField(fields, 'name') ?? group.name;
		refuseTakenName(call, name, group);
		const policies = { ...group.policies };
		for (const product of PRODUCTS) {
			const guid = textField(fields, `${product}_policy_guid`);
			if (guid === undefined) continue;
			const policy = call.estate.policies.find((candidate) => candidate.guid === guid);
			if (!policy) throw new Refusal(404, `Policy not found: ${guid}`);
			if (policy.product !== product) throw misuse(400, `Invalid parameter: ${product}_policy_guid`);
			policies[product] = guid;
		}
		Object.assign(group, {
			name,
			description: textField(fields, 'description') ?? group.description,
			policies,
		});
		return single(call.url, groupDetail(call, group));
	},
};

const deleteGroup: Route = {
	method: 'DELETE',
	path: '/groups/:guid',
	writes: true,
	handle(call) {
		const group = groupOf(call);
		const { groups } = call.estate;
		const inUse =
			groups.some(({ parentGuid }) => parentGuid === group.guid) ||
			call.estate.computers().some((host) => call.estate.groupOf(host) === group);
		if (inUse) throw new Refusal(409, `Group is in use: ${group.name}`);
		groups.splice(groups.indexOf(group), 1);
		return single(call.url, {});
	},
};

const setParent: Route = {
	method: 'PATCH',
	path: '/groups/:guid/parent',
	writes: true,
	handle(call) {
		const group = groupOf(call);
		const parentGuid = textField(bodyFields(call, ['parent_group_guid']), 'parent_group_guid');
		if (parentGuid === group.guid) throw new Refusal(409, 'A group can not be its own parent');
		if (parentGuid && !call.estate.groups.some(({ guid }) => guid === parentGuid)) {
			throw new Refusal(404, `Group not found: ${parentGuid}`);
		}
		group.parentGuid = parentGuid;
		return single(call.url, groupDetail(call, group));
	},
};

const listPolicies: Route = {
	method: 'GET',
	path: '/policies',
	query: ['product', 'product[]', 'name', 'name[]', ...PAGING],
	handle(call) {
		const products = [...call.query.getAll('product[]'), ...call.query.getAll('product')];
		const names = [...call.query.getAll('name[]'), ...call.query.getAll('name')];
		const policies = call.estate.policies
			.filter(({ product }) => products.length === 0 || products.includes(product))
			.filter(({ name }) => names.length === 0 || names.includes(name));
		return answerPage(call, policies, (policy) => policySummary(call, policy));
	},
};

function policyXml(policy: Policy): string {
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><Object><config>',
		`<policy><uuid>${policy.guid}</uuid><name>${policy.name}</name><serial_number>${policy.serialNumber}</serial_number></policy>`,
		`<isolation><enable>${policy.allowsIsolation ? 1 : 0}</enable></isolation>`,
		'</config></Object></Signature>',
	].join('\n');
}

const getPolicy: Route = {
	method: 'GET',
	path: '/policies/:guid',
	handle(call) {
		const [, guid, xml] = /^(.*?)(\.xml)?$/.exec(call.params.guid) as RegExpExecArray;
		const policy = call.estate.policies.find((candidate) => candidate.guid === guid);
		if (!policy) throw new Refusal(404, `Policy not found: ${guid}`);
		if (xml) return { status: 200, headers: { 'content-type': 'application/xml' }, body: policyXml(policy) };
		const lists = call.estate.fileLists.filter((list) => policy.fileListGuids.includes(list.guid));
		return single(call.url, {
			...policySummary(call, policy),
			file_lists: lists.map(({ name, guid: listGuid, type }) => ({ name, guid: listGuid, type })),
			used_in_groups: call.estate.groups
				.filter((group) => Object.values(group.policies).includes(policy.guid))
				.map((group) => groupSummary(call, group)),
		});
	},
};

export const groupRoutes: Route[] = [
	listGroups,
	createGroup,
	getGroup,
	updateGroup,
	deleteGroup,
	setParent,
	listPolicies,
	getPolicy,
];

import { XMLParser } from 'fast-xml-parser';
import type { LabResponse } from '../../machine/vendor';
import { isObject, mediaType } from '../shared/body';
import { applyPolicy, clearPolicy, resolveMac } from './anc';
import type { ErsRoutes } from './ers';
import { ersError, ersJson, hrefOf, type ErsCall } from './ersAnswers';
import type { IseStore } from './store';

const MAX_RESOURCES = 500;

interface BulkRequest {
	operationType: string;
	resources: { macAddress?: string; ipAddress?: string; policyName?: string }[];
}

/**
 * ERS bulk requests of `ancendpoint`: PUT `bulk/submit` answers 202 with the status URL in Location, GET
 * `bulk/{id}` the outcome of each element. Cisco publishes the JSON envelope only without its elements; they are
 * taken here as `resources` (JSON) and `resourcesList/ancEndpoint` (XML), after the bulk form of other resources.
 */
export function registerAncBulk(store: IseStore): ErsRoutes {
	const outcomes = new Map<string, unknown>();
	return (on) => {
		on('PUT', '/ancendpoint/bulk/submit', (call) => {
			const bulk = readBulk(call);
			if (typeof bulk === 'string') return ersError(call, 400, 'PUT-bulk-ancendpoint', bulk, bulk);
			const bulkId = String(store.now() + outcomes.size);
			outcomes.set(bulkId, run(store, bulkId, bulk));
			return { status: 202, headers: { Location: hrefOf(`ancendpoint/bulk/${bulkId}`) } };
		});
		on('GET', '/ancendpoint/bulk/:bulkId', (call): LabResponse => {
			const outcome = outcomes.get(call.params.bulkId);
			return outcome
				? ersJson({ BulkStatus: outcome })
				: ersError(call, 404, 'GET-bulk-ancendpoint', `Bulk ${call.params.bulkId} is not found`);
		});
	};
}

function run(store: IseStore, bulkId: string, { operationType, resources }: BulkRequest) {
	const resourcesStatus = resources.map((resource) => {
		const endpoint = resolveMac(store, resource);
		const refusal =
			'status' in endpoint
				? endpoint
				: operationType === 'apply'
					? applyPolicy(store, endpoint.mac, resource.policyName)
					: clearPolicy(store, endpoint.mac);
		return {
			name: 'mac' in endpoint ? endpoint.mac : (resource.macAddress ?? resource.ipAddress),
			description: refusal?.title ?? '',
			status: refusal ? 'FAIL' : 'SUCCESS',
		};
	});
	const failed = resourcesStatus.filter(({ status }) => status === 'FAIL').length;
	return {
		bulkId,
		operationType,
		executionStatus: 'COMPLETED',
		startTime: new Date(store.now()).toISOString(),
		resourcesCount: resources.length,
		successCount: resources.length - failed,
		failCount: failed,
		resourcesStatus,
	};
}

function readBulk(call: ErsCall): BulkRequest | string {
	const bulk =
		mediaType(call.request) === 'application/xml' ? fromXml(call.request.body) : fromJson(call.body);
	if (!bulk) return 'ErsAncEndpointBulkRequest is missing or malformed';
	if (bulk.operationType !== 'apply' && bulk.operationType !== 'clear') {
		return `operationType must be apply or clear, not ${bulk.operationType}`;
	}
	if (bulk.resources.length === 0 || bulk.resources.length > MAX_RESOURCES) {
		return `a bulk request must have 1 to ${MAX_RESOURCES} elements`;
	}
	return bulk;
}

function fromJson(body: unknown): BulkRequest | undefined {
	const bulk = isObject(body) ? body.ErsAncEndpointBulkRequest : undefined;
	if (!isObject(bulk) || !Array.isArray(bulk.resources) || !bulk.resources.every(isObject)) return undefined;
	return { operationType: String(bulk.operationType), resources: bulk.resources };
}

function fromXml(body: Buffer): BulkRequest | undefined {
	const parser = new XMLParser({
		ignoreAttributes: false,
		attributeNamePrefix: '@',
		removeNSPrefix: true,
		parseTagValue: false,
		isArray: (name) => name === 'ancEndpoint',
	});
	try {
		const document: unknown = parser.parse(body.toString('utf8'));
		const bulk = isObject(document) ? document.ancEndpointBulkRequest : undefined;
		if (!isObject(bulk) || !isObject(bulk.resourcesList)) return undefined;
		const resources = bulk.resourcesList.ancEndpoint;
		if (!Array.isArray(resources) || !resources.every(isObject)) return undefined;
		return { operationType: String(bulk['@operationType']), resources };
	} catch {
		return undefined;
	}
}

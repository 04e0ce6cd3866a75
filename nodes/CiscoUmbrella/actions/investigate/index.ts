import type { INodeProperties } from 'n8n-workflow';
import { returnAllFields } from '../../../shared/fields';
import * as fields from './fields';
import * as getCategorization from './getCategorization';
import * as getCoOccurrences from './getCoOccurrences';
import * as getIp from './getIp';
import * as getPassiveDns from './getPassiveDns';
import * as getRiskScore from './getRiskScore';
import * as getSamples from './getSamples';
import * as getSecurityFeatures from './getSecurityFeatures';
import * as getWhois from './getWhois';

export const operations = {
	getCategorization: getCategorization.execute,
	getCoOccurrences: getCoOccurrences.execute,
	getIp: getIp.execute,
	getPassiveDns: getPassiveDns.execute,
	getRiskScore: getRiskScore.execute,
	getSamples: getSamples.execute,
	getSecurityFeatures: getSecurityFeatures.execute,
	getWhois: getWhois.execute,
};

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['investigate'] } },
		options: [
			{
				name: 'Get Categorization',
				value: 'getCategorization',
				action: 'Get categorization of domains',
				description: 'Get whether domains are malicious, and their categories',
			},
			{
				name: 'Get Co-Occurrences',
				value: 'getCoOccurrences',
				action: 'Get co occurrences of a domain',
				description: 'Get domains that the same users asked for shortly before or after',
			},
			{
				name: 'Get IP',
				value: 'getIp',
				action: 'Get information on an IP address',
				description: 'Get who announces an IP address and which names point to it',
			},
			{
				name: 'Get Passive DNS',
				value: 'getPassiveDns',
				action: 'Get passive DNS records',
				description: 'Get what resolvers answered for a domain or with an IP address',
			},
			{
				name: 'Get Risk Score',
				value: 'getRiskScore',
				action: 'Get the risk score of a domain',
				description: 'Get a score from 0 to 100; higher is riskier',
			},
			{
				name: 'Get Samples',
				value: 'getSamples',
				action: 'Get malware samples',
				description: 'Get malware samples seen with a domain, IP address or URL',
			},
			{
				name: 'Get Security Features',
				value: 'getSecurityFeatures',
				action: 'Get security features of a domain',
				description: 'Get the scores that Investigate derives of a domain',
			},
			{
				name: 'Get Whois',
				value: 'getWhois',
				action: 'Get the registration of a domain',
				description: 'Get the current WHOIS record of a domain',
			},
		],
		default: 'getCategorization',
	},
	...fields.description,
	...returnAllFields('investigate', ['getPassiveDns', 'getSamples']),
];

import type { LabContext, LabRequest, LabResponse, Vendor } from '../../machine/vendor';
import { fixedWindow, takeAll } from '../shared/rateWindow';
import { misuse, Refusal } from '../shared/refusal';
import { hashNumber, sha256Of } from '../shared/values';

const NAME = 'virusTotal';
const HOST = 'www.virustotal.com';
const API_KEY = sha256Of('VirusTotal key');
const ENGINES = 72;

/** A public API key: 4 calls a minute and 500 a day. */
const createLimits = () => [fixedWindow(4, 60_000), fixedWindow(500, 86_400_000)];

/**
 * VirusTotal, API v3: file objects, and the address with which n8n tests a key. It has seen every file except those whose
 * SHA-256 ends in 0; what engines say depends on the hash only.
 */
export function createVirusTotal(context: LabContext): Vendor {
	let limits = createLimits();
	let asked: string[] = [];

	function answer({ method, url, headers }: LabRequest): LabResponse {
		const key = headers['x-apikey'];
		if (!key)
			throw new CodedRefusal(
				401,
				'AuthenticationRequiredError',
				'X-Apikey header is missing',
				'no x-apikey header',
			);
		if (key !== API_KEY)
			throw new CodedRefusal(401, 'WrongCredentialsError', 'Wrong API key', 'unknown API key');
		if (!takeAll(limits, key, context.clock.now(NAME)).allowed)
			throw new CodedRefusal(
				429,
				'QuotaExceededError',
				'Quota exceeded',
				'more than 4 calls a minute or 500 a day',
			);
		if (method !== 'GET') throw misuse(405, `${method} is not allowed here`);
		if (url.pathname === '/api/v3/popular_threat_categories')
			return { status: 200, body: { data: ['trojan', 'ransomware'] } };
		const [, id] = /^\/api\/v3\/files\/([^/]+)$/.exec(url.pathname) ?? [];
		if (id === undefined) throw misuse(404, `${url.pathname} is not known`);
		return file(id.toLowerCase());
	}

	function file(sha256: string): LabResponse {
		if (!/^[0-9a-f]{64}$/.test(sha256))
			throw new CodedRefusal(
				400,
				'InvalidArgumentError',
				`Invalid file id "${sha256}"`,
				'the lab takes SHA-256 only',
			);
		if (!asked.includes(sha256)) asked.push(sha256);
		if (sha256.endsWith('0')) throw new CodedRefusal(404, 'NotFoundError', `File "${sha256}" not found`);
		return { status: 200, body: { data: fileObject(sha256, Math.floor(context.clock.now(NAME) / 1_000)) } };
	}

	return {
		name: NAME,
		hosts: [HOST],
		credentials: () => ({ apiKey: API_KEY }),
		state: () => ({ asked }),
		reset() {
			limits = createLimits();
			asked = [];
		},
		handle(request) {
			try {
				return answer(request);
			} catch (error) {
				if (!(error instanceof Refusal)) throw error;
				const code = error instanceof CodedRefusal ? error.code : 'BadRequestError';
				return {
					status: error.status,
					body: { error: { code, message: error.detail } },
					...(error.violation && { violation: error.violation }),
				};
			}
		},
	};
}

class CodedRefusal extends Refusal {
	constructor(
		status: number,
		readonly code: string,
		detail: string,
		violation?: string,
	) {
		super(status, detail, violation);
	}
}

function fileObject(sha256: string, nowSeconds: number) {
	const malicious = 20 + hashNumber(`engines ${sha256}`, 45);
	const name = `${sha256.slice(0, 6)}.exe`;
	return {
		type: 'file',
		id: sha256,
		links: { self: `https://${HOST}/api/v3/files/${sha256}` },
		attributes: {
			sha256,
			meaningful_name: name,
			names: [name, `${sha256.slice(6, 12)}.bin`],
			type_description: 'Win32 EXE',
			reputation: -malicious,
			last_analysis_date: nowSeconds - 3_600,
			last_analysis_stats: {
				malicious,
				suspicious: 0,
				undetected: ENGINES - malicious,
				harmless: 0,
				timeout: 0,
				'confirmed-timeout': 0,
				failure: 1,
				'type-unsupported': 4,
			},
			popular_threat_classification: { suggested_threat_label: 'trojan.emotet/geodo' },
		},
	};
}

import { AMP, NOISE_PARTS, NOISE_STEPS } from './noise';
import type { Scenario } from './scenario';

const LOADER = 'b7c1e0a5f2d94c8833a6e1f0d2c4b5967788aa99bbccddee00112233445566f7';
const LOCKER = '4d1c9ae7b3f05268e1d0c3b2a5968778695a4b3c2d1e0f9a8b7c6d5e4f302112';

/**
 * Every infected laptop gets less than a containment's worth of points from each source, and more from both
 * together: so it is contained only once two sources agree, whichever is read first.
 */
export const ransomware: Scenario = {
	name: 'ransomware',
	title: 'Ransomware spreads from one phishing mail',
	story:
		'Somebody opens an invoice. The loader calls home, spreads to three more laptops and begins to delete shadow ' +
		'copies. Everyone else has an ordinary morning.',
	durationMs: 180_000,
	parts: {
		...NOISE_PARTS,
		patientZero: { count: 1, infected: true },
		second: { count: 1, infected: true },
		third: { count: 1, infected: true },
		fourth: { count: 1, infected: true },
	},
	steps: [
		...NOISE_STEPS,
		{
			who: 'patientZero',
			atMs: 6_000,
			vendor: 'secureEndpoint',
			type: AMP.threatDetected,
			data: {
				detection: 'W32.Loader.Emotet.Gen',
				sha256: LOADER,
				fileName: 'Invoice_4711.pdf.exe',
				severity: 'Medium',
			},
		},
		{
			who: 'patientZero',
			atMs: 12_000,
			times: 4,
			everyMs: 20_000,
			vendor: 'umbrella',
			type: 'dns',
			data: beacon('cdn-telemetry-sync.example'),
		},
		{
			who: 'patientZero',
			atMs: 15_000,
			vendor: 'secureEndpoint',
			type: AMP.cloudIoc,
			data: {
				detection: 'W32.ShadowCopyDeletion.ioc',
				sha256: LOCKER,
				fileName: 'vssadmin.exe',
				severity: 'High',
			},
		},
		{
			who: 'second',
			atMs: 34_000,
			vendor: 'secureEndpoint',
			type: AMP.executedMalware,
			data: {
				detection: 'W32.Ransom.LockBit.Gen',
				sha256: LOCKER,
				fileName: 'svch0st.exe',
				severity: 'High',
			},
		},
		{
			who: 'second',
			atMs: 40_000,
			times: 3,
			everyMs: 20_000,
			vendor: 'umbrella',
			type: 'dns',
			data: beacon('update-check-eu.example'),
		},
		{
			who: 'third',
			atMs: 58_000,
			vendor: 'umbrella',
			type: 'proxy',
			data: {
				domain: 'files-share-now.example',
				url: 'http://files-share-now.example/patch/svch0st.exe',
				categories: ['Malware'],
				verdict: 'allowed',
				threat: 'LockBit',
			},
		},
		{
			who: 'third',
			atMs: 63_000,
			vendor: 'secureEndpoint',
			type: AMP.threatDetected,
			data: {
				detection: 'W32.Ransom.LockBit.Gen',
				sha256: LOCKER,
				fileName: 'svch0st.exe',
				severity: 'High',
			},
		},
		{
			who: 'third',
			atMs: 64_000,
			vendor: 'secureEndpoint',
			type: AMP.quarantineFailure,
			data: {
				detection: 'W32.Ransom.LockBit.Gen',
				sha256: LOCKER,
				fileName: 'svch0st.exe',
				severity: 'High',
			},
		},
		{
			who: 'fourth',
			atMs: 88_000,
			vendor: 'secureEndpoint',
			type: AMP.executedMalware,
			data: {
				detection: 'W32.Ransom.LockBit.Gen',
				sha256: LOCKER,
				fileName: 'svch0st.exe',
				severity: 'Critical',
			},
		},
		{
			who: 'fourth',
			atMs: 92_000,
			times: 2,
			everyMs: 15_000,
			vendor: 'umbrella',
			type: 'dns',
			data: beacon('key-exchange-node7.example'),
		},
	],
	expectation: {
		contain: ['patientZero', 'second', 'third', 'fourth'],
		maxAutomatic: 4,
		text: 'Exactly the four infected laptops are taken off the network, each once.',
	},
};

function beacon(domain: string): Record<string, unknown> {
	return { domain, categories: ['Command and Control'], verdict: 'blocked', threat: 'LockBit' };
}

import type { Part, Step } from './scenario';

/** Secure Endpoint event type ids used by several scenarios. */
export const AMP = {
	policyUpdate: '553648130',
	scanStarted: '554696714',
	scanClean: '554696715',
	threatDetected: '1090519054',
	threatQuarantined: '553648143',
	quarantineFailure: '2164260880',
	executedMalware: '1107296272',
	suspectedBotnet: '1107296273',
	cloudIoc: '1107296274',
} as const;

/** Parts that the daily noise happens to. */
export const NOISE_PARTS: Record<string, Part> = {
	/** Nothing but housekeeping. */
	healthy: { count: 12 },
	/** Adware and the like, dealt with on the spot. */
	careless: { count: 4 },
	/** A click on something doubtful that Umbrella blocked. */
	curious: { count: 4, connector: false },
	ceo: { count: 1, hostname: 'ceo-laptop', ambiguous: true },
	servers: { count: 3, role: 'server' },
};

/** What any working day looks like. No host gets more than a few points, and each from one source only. */
export const NOISE_STEPS: Step[] = [
	{
		who: 'healthy',
		atMs: 0,
		spreadMs: 90_000,
		times: 2,
		everyMs: 20_000,
		vendor: 'secureEndpoint',
		type: AMP.policyUpdate,
	},
	{ who: 'healthy', atMs: 1_000, spreadMs: 60_000, vendor: 'secureEndpoint', type: AMP.scanStarted },
	{ who: 'healthy', atMs: 62_000, spreadMs: 50_000, vendor: 'secureEndpoint', type: AMP.scanClean },
	{ who: 'servers', atMs: 2_000, spreadMs: 20_000, vendor: 'secureEndpoint', type: AMP.scanStarted },
	{ who: 'servers', atMs: 50_000, spreadMs: 60_000, vendor: 'secureEndpoint', type: AMP.scanClean },
	{ who: 'ceo', atMs: 8_000, vendor: 'secureEndpoint', type: AMP.policyUpdate },
	{
		who: 'ceo',
		atMs: 41_000,
		vendor: 'umbrella',
		type: 'dns',
		data: { domain: 'golf-club-{word}.example', categories: ['Newly Seen Domains'], verdict: 'allowed' },
	},
	{
		who: 'careless',
		atMs: 10_000,
		spreadMs: 90_000,
		vendor: 'secureEndpoint',
		type: AMP.threatQuarantined,
		data: {
			detection: 'PUA.Win.Adware.Toolbar',
			sha256: '{sha256}',
			fileName: 'FreeConverterSetup.exe',
			severity: 'Low',
		},
	},
	{
		who: 'curious',
		atMs: 5_000,
		spreadMs: 100_000,
		vendor: 'umbrella',
		type: 'dns',
		data: { domain: '{word}.example', categories: ['Newly Seen Domains'], verdict: 'allowed' },
	},
	{
		who: 'curious',
		atMs: 20_000,
		spreadMs: 90_000,
		vendor: 'umbrella',
		type: 'dns',
		data: { domain: 'parcel-{word}.example', categories: ['Phishing'], verdict: 'blocked' },
	},
];

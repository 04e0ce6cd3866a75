type Suite = (title: string, tests: () => void) => void;

/** `describe`; where something is missing, a suite that is reported as skipped, with its name and the reason. */
export function suiteUnless(missing: string | undefined): Suite {
	if (missing === undefined) return describe;
	return (title, tests) => describe.skip(`${title} (skipped: ${missing})`, tests);
}

const WORDS: Record<string, string> = {
	ise: 'ISE',
	xdr: 'XDR',
	serviceNow: 'ServiceNow',
	unknown: 'Unknown host',
};

/** How people call a vendor: `secureEndpoint` is "Secure Endpoint". */
export function vendorTitle(name: string): string {
	return (
		WORDS[name] ?? name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/^./, (first) => first.toUpperCase())
	);
}

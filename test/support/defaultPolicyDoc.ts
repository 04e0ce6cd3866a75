import type { Policy, Rule } from '../../ledger';

const SOURCES: Record<string, string> = {
	secureEndpoint: 'Secure Endpoint',
	umbrella: 'Umbrella',
	secureNetworkAnalytics: 'Secure Network Analytics',
};

const list = (value: string | string[] | undefined): string => [value ?? []].flat().join('<br>');

function conditionOf({ eventType, category, severity }: Rule): string {
	const parts: [label: string, value: string][] = [
		['', list(eventType)],
		['category ', list(category)],
		['severity ', list(severity)],
	];
	return parts.filter(([, value]) => value !== '').map(([label, value]) => label + value).join('; ');
}

function tableOf(rules: readonly Rule[]): string {
	const rows = rules.map((rule) => `| ${rule.penalty} | ${conditionOf(rule)} | ${rule.reason} |`);
	return ['| Points | When | Why |', '| ---: | --- | --- |', ...rows].join('\n');
}

/** The text of `docs/default-policy.md` for a policy. */
export function defaultPolicyDoc(policy: Policy): string {
	const known = Object.entries(SOURCES).map(([source, name]) => {
		const rules = policy.rules.filter((rule) => rule.source === source);
		return `## ${name}\n\nSource \`${source}\`.\n\n${tableOf(rules)}\n`;
	});
	const others = policy.rules.filter(({ source }) => !(source in SOURCES));
	const names = [...new Set(others.map(({ source }) => source))];
	const bySeverity = others.filter(({ source }) => source === names[0]);
	return `# Default policy: what each event costs

The presets \`balanced\` and \`classic\` start with these rules. ${policy.threshold} points are the threshold of \`balanced\`. All rules that match a detection add up. A name or an ID in *When* matches the event type; text is compared without case.

Cisco ships no such points: they are this pack's own, on the principle that what proves an infection costs half the threshold or more, what may have been dealt with costs a quarter, and what is only a sign costs little. A rule with 0 points says that the event type is known and no threat. Event types without any rule are recorded too, and *Policy: Get Unrated Event Types* lists them.

This page is made from the rules (\`UPDATE_DOCS=1 npx jest --selectProjects unit --testPathPatterns ledger/policy\`); a test compares the two.

${known.join('\n')}
## Other products

Sources ${names.map((name) => `\`${name}\``).join(', ')}, each by the severity that the product gives.

${tableOf(bySeverity)}
`;
}

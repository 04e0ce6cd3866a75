/** Reads Prometheus' text format 0.0.4 strictly, apart from the code that writes it. */
export interface PromSample {
	labels: Record<string, string>;
	value: number;
}

interface Line extends PromSample {
	name: string;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (NaN|[+-]?Inf|[+-]?[0-9.]+(?:e[+-]?[0-9]+)?)$`);

/** Samples of one name, e.g. `a_bucket`. */
export function valuesOf(text: string, name: string): PromSample[] {
	return linesOf(text).flatMap((line) => (line && line.name === name ? [{ labels: line.labels, value: line.value }] : []));
}

/** What Prometheus, or its linter, would object to; one sentence each. */
export function problemsOf(text: string): string[] {
	const problems = text.endsWith('\n') ? [] : ['The last line does not end'];
	const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
	const helps = [...text.matchAll(/^# HELP (\S+) \S.*$/gm)].map(([, name]) => name);
	const seen = new Set<string>();
	for (const [index, line] of linesOf(text).entries()) {
		if (!line) {
			problems.push(`Line ${index + 1} is not a sample`);
			continue;
		}
		const series = line.name + JSON.stringify(Object.entries(line.labels).sort());
		if (seen.has(series)) problems.push(`${series} is there twice`);
		seen.add(series);
		const family = types.has(line.name) ? line.name : line.name.replace(/_(bucket|sum|count)$/, '');
		if (!types.has(family) || !helps.includes(family)) problems.push(`${line.name} has no help or type`);
		if (types.get(family) === 'counter' && !family.endsWith('_total')) problems.push(`The counter ${family} does not end in _total`);
	}
	for (const [name, type] of types) if (type === 'histogram') problems.push(...histogramProblems(text, name));
	return problems;
}

function histogramProblems(text: string, name: string): string[] {
	const problems: string[] = [];
	const groups = new Map<string, { le: number; value: number }[]>();
	for (const { labels: { le, ...labels }, value } of valuesOf(text, `${name}_bucket`)) {
		const group = groups.get(JSON.stringify(labels)) ?? [];
		groups.set(JSON.stringify(labels), [...group, { le: le === '+Inf' ? Infinity : Number(le), value }]);
	}
	for (const [labels, buckets] of groups) {
		const count = valuesOf(text, `${name}_count`).find((sample) => JSON.stringify(sample.labels) === labels)?.value;
		const rising = buckets.every(({ le, value }, index) => index === 0 || (le > buckets[index - 1].le && value >= buckets[index - 1].value));
		const last = buckets[buckets.length - 1];
		if (!rising) problems.push(`${name}${labels} falls`);
		if (last.le !== Infinity || last.value !== count) problems.push(`${name}${labels} has no endless bucket that equals its count`);
	}
	return problems;
}

function linesOf(text: string): (Line | undefined)[] {
	return text.split('\n').slice(0, -1).filter((line) => !line.startsWith('#')).map(parsed);
}

function parsed(line: string): Line | undefined {
	const match = SAMPLE.exec(line);
	if (!match) return undefined;
	const [, name, pairs = '', value] = match;
	const labels = [...pairs.matchAll(new RegExp(LABEL, 'g'))].map(([pair]): [string, string] => {
		const equals = pair.indexOf('=');
		return [pair.slice(0, equals), pair.slice(equals + 2, -1).replace(/\\(["\\n])/g, (_all, char: string) => (char === 'n' ? '\n' : char))];
	});
	return { name, labels: Object.fromEntries(labels), value: value.endsWith('Inf') ? (value.startsWith('-') ? -Infinity : Infinity) : Number(value) };
}

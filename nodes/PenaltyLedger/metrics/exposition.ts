/** A number with what tells it from others of the same name. */
export interface Sample {
	labels?: Record<string, string>;
	value: number;
}

/** Upper bounds (seconds) in rising order; each count includes those before it. */
export interface HistogramSample {
	labels?: Record<string, string>;
	buckets: readonly { le: number; count: number }[];
	sum: number;
	count: number;
}

/** All numbers of one name. */
export type MetricFamily = { name: string; help: string } & (
	| { type: 'counter' | 'gauge'; samples: readonly Sample[] }
	| { type: 'histogram'; samples: readonly HistogramSample[] }
);

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Metrics in Prometheus' text format 0.0.4. Families without samples are left out.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function exposition(families: readonly MetricFamily[]): string {
	return families.filter(({ samples }) => samples.length > 0).map(familyText).join('');
}

function familyText(family: MetricFamily): string {
	const { name, help, type } = family;
	const lines =
		family.type === 'histogram'
			? family.samples.flatMap((sample) => histogramLines(name, sample))
			: family.samples.map(({ labels, value }) => line(name, labels, value));
	return [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}

function histogramLines(name: string, { labels, buckets, sum, count }: HistogramSample): string[] {
	return [
		...buckets.map((bucket) => line(`${name}_bucket`, { ...labels, le: numberText(bucket.le) }, bucket.count)),
		line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
		line(`${name}_sum`, labels, sum),
		line(`${name}_count`, labels, count),
	];
}

function line(name: string, labels: Record<string, string> = {}, value: number): string {
	const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`);
	return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${numberText(value)}`;
}

function escaped(text: string): string {
	return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
	if (value === Infinity) return '+Inf';
	return value === -Infinity ? '-Inf' : String(value);
}

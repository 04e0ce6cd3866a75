import { html, type Markup } from './html';

export interface ChartPoint {
	atMs: number;
	value: number;
}

export interface ChartOptions {
	/** What the chart shows, in a sentence: its text alternative. */
	description: string;
	/** Horizontal lines with a name, e.g. the threshold. */
	marks?: readonly { label: string; value: number }[];
}

const WIDTH = 720;
const HEIGHT = 220;
const LEFT = 44;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 28;

/** Points over time as an inline SVG that scales with its place. Takes points in order of time, values ≥ 0. */
export function lineChart(points: readonly ChartPoint[], { description, marks = [] }: ChartOptions): Markup {
	if (points.length === 0) return html``;
	const [firstMs, lastMs] = [points[0].atMs, points[points.length - 1].atMs];
	const top = ceiling(Math.max(1, ...points.map(({ value }) => value), ...marks.map(({ value }) => value)));
	const x = (atMs: number) => round(LEFT + ((WIDTH - LEFT - RIGHT) * (atMs - firstMs)) / Math.max(1, lastMs - firstMs));
	const y = (value: number) => round(HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * value) / top);
	const line = points.map(({ atMs, value }) => `${x(atMs)},${y(value)}`).join(' ');
	const area = `${x(firstMs)},${y(0)} ${line} ${x(lastMs)},${y(0)}`;
	return html`<figure class="chart" tabindex="0"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${description}">
${[0, 0.25, 0.5, 0.75, 1].map((share) => html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(top * share)}" y2="${y(top * share)}"/><text x="${LEFT - 6}" y="${y(top * share) + 4}" text-anchor="end">${round(top * share)}</text>`)}
<polygon class="area" points="${area}"/><polyline class="line" points="${line}"/>
${marks.map(({ label, value }) => html`<line class="mark" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/><text class="mark-label" x="${LEFT + 6}" y="${y(value) - 5}">${label} ${round(value)}</text>`)}
${[firstMs, (firstMs + lastMs) / 2, lastMs].map((atMs, index) => html`<text x="${x(atMs)}" y="${HEIGHT - 8}" text-anchor="${['start', 'middle', 'end'][index]}">${utc(atMs)}</text>`)}
</svg></figure>`;
}

/** The next round number: 1, 2 or 5 times a power of ten. */
function ceiling(value: number): number {
	const power = Math.pow(10, Math.floor(Math.log10(value)));
	return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}

function utc(atMs: number): string {
	return `${new Date(atMs).toISOString().slice(5, 16).replace('T', ' ')} UTC`;
}

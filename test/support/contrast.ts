/**
 * Runs in a page: texts that are visible and have less contrast with what lies behind them than WCAG 2.2 AA asks for
 * (4.5:1, large text 3:1). Self-contained, because only its source reaches the page.
 */
export function contrastProblems(): string[] {
	type Colour = [red: number, green: number, blue: number, alpha: number];
	const page = globalThis as unknown as Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
	const canvas = page.document.createElement('canvas').getContext('2d', { willReadFrequently: true });
	const known = new Map<string, Colour>();
	const read = (css: string): Colour => {
		if (!known.has(css)) {
			canvas.clearRect(0, 0, 1, 1);
			canvas.fillStyle = css;
			canvas.fillRect(0, 0, 1, 1);
			const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
			known.set(css, [red, green, blue, alpha / 255]);
		}
		return known.get(css)!;
	};
	const luminance = ([red, green, blue]: Colour) => {
		const linear = [red, green, blue].map((part) => {
			const share = part / 255;
			return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
	};
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	const behind = (element: any): Colour => {
		for (let one = element; one; one = one.parentElement) {
			const colour = read(page.getComputedStyle(one).backgroundColor);
			if (colour[3] === 1) return colour;
		}
		return read(page.getComputedStyle(page.document.documentElement).backgroundColor);
	};
	const problems: string[] = [];
	for (const element of page.document.querySelectorAll('body *')) {
		const hasText = [...element.childNodes].some(
			(node) => node.nodeType === 3 && node.textContent.trim() !== '',
		);
		if (!hasText || !element.checkVisibility() || element.matches(':disabled')) continue;
		const style = page.getComputedStyle(element);
		const size = parseFloat(style.fontSize);
		if (size === 0) continue;
		const [one, other] = [luminance(read(style.color)), luminance(behind(element))];
		const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
		const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
		if (ratio >= (large ? 3 : 4.5)) continue;
		problems.push(`${ratio.toFixed(2)}:1 "${element.textContent.trim().slice(0, 40)}" .${element.className}`);
	}
	return problems;
}

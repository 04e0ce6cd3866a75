import { isObject } from '../../shared/body';

/** Whether an object passes a subscription's filter. */
export type Filter = (value: unknown) => boolean;

const COMPARISON = /^\s*([\w.]+)\s*(==|!=)\s*'([^']*)'\s*$/;

/**
 * Server-side filter of a subscription, e.g. `nasIpAddress == '10.0.0.1'`. pxGrid takes JMESPath; the lab knows
 * comparisons with texts, joined by `&&` and `||` (`&&` binds closer). Throws for anything else.
 */
export function readFilter(text: string): Filter {
	const alternatives = text.split('||').map((part) => part.split('&&').map(readComparison));
	return (value) => alternatives.some((all) => all.every((holds) => holds(value)));
}

function readComparison(text: string): Filter {
	const [, path, operator, wanted] = COMPARISON.exec(text) ?? [];
	if (path === undefined) throw new Error(`the lab does not know the filter ${text.trim()}`);
	return (value) => (valueAt(value, path.split('.')) === wanted) === (operator === '==');
}

function valueAt(value: unknown, path: string[]): unknown {
	return path.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), value);
}

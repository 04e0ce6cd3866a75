import createFindMyWay, { type HTTPMethod } from 'find-my-way';

/** Path parameters by name, percent-decoded. */
export type PathParameters = Record<string, string>;

/** Finds the handler of a call. `Handler` is whatever the vendor keeps per route. */
export interface Router<Handler> {
	/** `path` in find-my-way's syntax, e.g. `/v1/computers/:guid/isolation`. */
	on(method: string, path: string, handler: Handler): void;
	find(method: string, pathname: string): { handler: Handler; params: PathParameters } | undefined;
	/** Methods that the path answers to, for `Allow` and 405; empty when the path is unknown. */
	methods(pathname: string): string[];
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] as const;

/** One router per vendor (or per host of a vendor). */
export function createRouter<Handler>(): Router<Handler> {
	const routes = createFindMyWay({ ignoreTrailingSlash: true, maxParamLength: 4096 });
	const noop = () => undefined;
	const find = (method: string, pathname: string) => routes.find(method as HTTPMethod, pathname);
	return {
		on: (method, path, handler) => routes.on(method as HTTPMethod, path, noop, { handler }),
		find(method, pathname) {
			const route = find(method, pathname);
			if (!route) return undefined;
			return {
				handler: (route.store as { handler: Handler }).handler,
				params: route.params as PathParameters,
			};
		},
		methods: (pathname) => METHODS.filter((method) => find(method, pathname)),
	};
}

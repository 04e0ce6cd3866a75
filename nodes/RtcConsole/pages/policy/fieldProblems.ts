import type { PolicyProblem } from '../../../../ledger/errors';
import { html, type Markup } from '../../view/html';
import { cut } from '../../view/text';

/** Problems of a draft, to be shown next to the field that each is about. */
export class FieldProblems {
	constructor(readonly all: readonly PolicyProblem[]) {}

	/** At this path or below. */
	at(path: string): readonly PolicyProblem[] {
		return this.all.filter((problem) => problem.path === path || problem.path.startsWith(`${path}[`) || problem.path.startsWith(`${path}.`));
	}

	/** Attributes of an input that name its problem to a screen reader. */
	attributes(path: string): Markup | undefined {
		return this.at(path).length > 0 ? html` aria-invalid="true" aria-describedby="${problemId(path)}"` : undefined;
	}

	/** The problem in words, below its input. */
	message(path: string): Markup | undefined {
		const found = this.at(path);
		return found.length > 0 ? html`<span class="removed" id="${problemId(path)}">${found.slice(0, 3).map(({ problem }) => cut(problem, 200)).join('; ')}</span>` : undefined;
	}
}

function problemId(path: string): string {
	return `problem-${path.replace(/[^A-Za-z0-9]+/g, '-')}`;
}

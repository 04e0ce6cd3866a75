import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { type Fields, textOf } from '../records';
import { connect } from '../transport/client';
import { readReport } from '../transport/reports';

/** Umbrella's categories, security categories first, the organisation's integrations among them. */
export async function getCategories(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { reports } = await connect(this);
	const categories = await readReport<Fields>(this, reports, '/categories', {});
	return categories
		.filter((category) => category.deprecated !== true)
		.sort((a, b) => sortKey(a).localeCompare(sortKey(b)))
		.map(({ id, label, type }) => ({ name: `${textOf(label)} (${textOf(type)})`, value: textOf(id) }));
}

const sortKey = ({ type, label }: Fields): string =>
	`${textOf(type) === 'security' ? 0 : 1} ${textOf(label)}`;

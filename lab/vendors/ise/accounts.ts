import type { LabRequest } from '../../machine/vendor';
import { basicCredentials } from '../shared/auth';

export type IseRole = 'ersAdmin' | 'ersOperator' | 'mntAdmin';

export interface IseAccount {
	user: string;
	password: string;
	roles: IseRole[];
}

/** Administrators of the deployment. */
export const ISE_ACCOUNTS: IseAccount[] = [
	{ user: 'ers-admin', password: 'ers-lab-1', roles: ['ersAdmin', 'mntAdmin'] },
	{ user: 'ers-operator', password: 'ers-read-lab-1', roles: ['ersOperator'] },
	{ user: 'mnt-admin', password: 'mnt-lab-1', roles: ['mntAdmin'] },
];

/** The account whose user and password the request carries. */
export function accountOf(request: LabRequest): IseAccount | undefined {
	const given = basicCredentials(request);
	return ISE_ACCOUNTS.find(({ user, password }) => user === given?.user && password === given.password);
}

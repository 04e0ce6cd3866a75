import type { EntityDetail } from '../../../../ledger/api';
import { entityName } from '../../../../ledger/entity';
import type { ActionName } from '../../actions/catalogue';
import { ACTIONS } from '../../actions/catalogue';
import { reaches } from '../../actions/fields';
import { isolationProblem } from '../../actions/isolation';
import { actionButton, disclosure, textField } from '../../view/components';
import { html, type Markup } from '../../view/html';
import type { PageContext } from '../page';
import { connectorsOf } from './pivots';

/** Everything that can be done to an entity, for as much as the user may do. */
export async function entityActions(context: PageContext, entity: EntityDetail): Promise<Markup> {
	const name = entityName(entity);
	const contained = ['containing', 'contained'].includes(entity.state);
	const forms = [
		!contained && quarantine(context, entity, name),
		entity.state !== 'normal' && entity.state !== 'grace' && plain(context, 'release', name, 'Why may it return to the network?'),
		...(await connectors(context, entity, name)),
		!entity.protected && plain(context, 'protect', name, 'It is never contained automatically again; an open containment is released.'),
		entity.protected && plain(context, 'unprotect', name, 'It can be contained automatically again. Entries of the policy stay.'),
		plain(context, 'purge', name, 'Forgets the score and what was counted. Detections stay as evidence.'),
	].filter((form) => form !== false && form.text !== '');
	return forms.length === 0 ? html`` : html`<div class="actions" role="group" aria-label="Actions">${forms}</div>`;
}

async function connectors(context: PageContext, entity: EntityDetail, name: string): Promise<Markup[]> {
	if (!context.may('isolate')) return [];
	const forms = connectorsOf(entity.contributions).map(async (guid) => [
		await isolate(context, entity, guid, name),
		plain(context, 'stopIsolation', guid, `Connector ${guid}`),
	]);
	return (await Promise.all(forms)).flat();
}

async function isolate(context: PageContext, entity: EntityDetail, guid: string, name: string): Promise<Markup> {
	const refused = await isolationProblem(context.ledger, entity, guid, context.user.role);
	if (!refused) return plain(context, 'isolate', guid, `Connector ${guid}`, { entity: name });
	return refused.status === 403 ? disclosure(`${ACTIONS.isolate.title}…`, html`<p>Connector ${guid}</p><p>${refused.problem}.</p>`) : html``;
}

function quarantine(context: PageContext, entity: EntityDetail, name: string): Markup {
	const override = entity.protected && reaches(context.user.role, ACTIONS.quarantine.fields.overrideProtection.role ?? 'admin');
	const body = html`<p>Takes every network card of the host off the network, and isolates its connector where there is one.</p>
${textField('reason', 'Reason', { required: true, placeholder: 'e.g. Ransom note reported by phone' })}
${textField('duration', 'Release after (ISO 8601 duration; empty: as the policy says)', { placeholder: 'e.g. PT4H', maxLength: 40 })}
${override && html`<label class="check"><input type="checkbox" name="overrideProtection"> Quarantine even though it is protected</label>`}
${actionButton('quarantine')}`;
	return disclosure(`${ACTIONS.quarantine.title}…`, context.form('quarantine', name, { body }), { danger: true });
}

/** An action that needs a reason only. */
export function plain(context: PageContext, action: ActionName, object: string, explanation: string, fields: Record<string, string> = {}): Markup {
	const body = html`<p>${explanation}</p>${textField('reason', 'Reason', { required: true })}${actionButton(action)}`;
	return disclosure(`${ACTIONS[action].title}…`, context.form(action, object, { fields, body }), { danger: ACTIONS[action].dangerous });
}

import { isObject } from '../shared/body';
import { omit } from '../shared/omit';
import { misuse, Refusal } from '../shared/refusal';
import { checkFields, notFound, ok, requiredText, type WebexRoutes } from './answers';
import type { WebhookDelivery } from './delivery';
import type { AttachmentAction, Message, Person } from './model';
import type { WebexStore } from './store';

/** `/v1/attachment/actions`: what people entered into cards. Only who posted the card can read it. */
export function registerAttachmentActions(store: WebexStore, delivery: WebhookDelivery): WebexRoutes {
	return (on) => {
		on('GET', '/attachment/actions/:id', ({ params, caller }) => {
			const action = store.actions.get(params.id);
			const poster = store.messages.get(action?.messageId ?? '')?.personId;
			if (!action || poster !== caller.id) throw notFound();
			return ok(action);
		});
		on('POST', '/attachment/actions', ({ body, caller }) => {
			if (body.type !== 'submit') throw misuse(400, 'type must be submit');
			if (!isObject(body.inputs)) throw misuse(400, 'inputs must be an object');
			const message = store.messages.get(requiredText(body, 'messageId'));
			if (!message) throw notFound();
			const action = submit(store, delivery, message, caller, body.inputs);
			return checkFields(ok(action), body, ['type', 'messageId', 'inputs']);
		});
	};
}

/** A person submits a card: keeps the action and tells the webhooks of the card's author. */
export function submit(
	store: WebexStore,
	delivery: WebhookDelivery,
	message: Message,
	person: Person,
	inputs: Record<string, unknown>,
): AttachmentAction {
	if (!store.isMember(message.roomId, person.id)) throw notFound();
	if (!message.attachments) throw new Refusal(400, 'The message has no card');
	const action: AttachmentAction = {
		id: store.newId('ATTACHMENT_ACTION'),
		type: 'submit',
		messageId: message.id,
		inputs: { ...inputs },
		personId: person.id,
		roomId: message.roomId,
		created: store.timestamp(),
	};
	store.actions.set(action.id, action);
	delivery.publish('attachmentActions', omit(action, 'inputs'), message);
	return action;
}

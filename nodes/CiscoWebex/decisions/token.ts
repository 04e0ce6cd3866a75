import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What a button of one of our cards does. `choose` is an entry of a list. */
export type CardAction = 'approve' | 'deny' | 'release' | 'protect' | 'choose';

/** What a button stands for. */
export interface CardToken {
	action: CardAction;
	/** Id of the intent or episode that it is about; `chosen`: the entry that the person chose. */
	subject: string;
	/** Epoch ms from which on it does nothing. */
	expiresAt: number;
}

export const CHOSEN = 'chosen';

const ACTIONS: readonly string[] = ['approve', 'deny', 'release', 'protect', 'choose'];
const MAC_BYTES = 16;

/** Key for the buttons of a bot's cards. Only whoever has the bot's token can make one. */
export function cardKey(accessToken: string): Buffer {
	return createHmac('sha256', accessToken.trim()).update('cisco-rtc card').digest();
}

/** Secret of the webhook with this target: nothing to keep, and other than that of every other target. */
export function webhookSecret(accessToken: string, targetUrl: string): string {
	return createHmac('sha256', accessToken.trim()).update(`cisco-rtc webhook ${targetUrl}`).digest('hex');
}

/** Tells two secrets apart without telling them. */
export function fingerprint(secret: string): string {
	return createHash('sha256').update(secret).digest('hex').slice(0, 12);
}

/**
 * A token as data of a button. Every member of a room can submit any data to a card, so that data which is not signed
 * proves nothing.
 */
export function signToken(key: Buffer, { action, subject, expiresAt }: CardToken): string {
	const payload = `1.${action}.${subject}.${Math.floor(expiresAt).toString(36)}`;
	return `${payload}.${macOf(key, payload)}`;
}

/** @returns nothing for text that this key did not sign. Says nothing about expiry. */
export function readToken(key: Buffer, text: unknown): CardToken | undefined {
	if (typeof text !== 'string' || text.length > 300) return undefined;
	const end = text.lastIndexOf('.');
	const payload = text.slice(0, Math.max(0, end));
	if (!isEqual(macOf(key, payload), text.slice(end + 1))) return undefined;
	const [version, action, subject, expiry, ...rest] = payload.split('.');
	if (version !== '1' || !ACTIONS.includes(action) || rest.length > 0) return undefined;
	return { action: action as CardAction, subject, expiresAt: parseInt(expiry, 36) };
}

/** Whether `signature` is the HMAC-SHA1 of the body in hexadecimal, as Webex signs its calls. In constant time. */
export function isSigned(body: Buffer, signature: unknown, secret: string): boolean {
	if (typeof signature !== 'string') return false;
	return isEqual(createHmac('sha1', secret).update(body).digest('hex'), signature.trim().toLowerCase());
}

function macOf(key: Buffer, payload: string): string {
	return createHmac('sha256', key).update(payload).digest().subarray(0, MAC_BYTES).toString('base64url');
}

function isEqual(expected: string, given: string): boolean {
	const [one, other] = [Buffer.from(expected), Buffer.from(given)];
	return one.length === other.length && timingSafeEqual(one, other);
}

import type { ConsoleUser } from '../pages/page';
import { html, Markup, type Value } from './html';
import { STYLE } from './style';
import { SCRIPT } from './script';

export interface Frame {
	title: string;
	/** Address and text of each link; `current` is the page shown. */
	navigation: readonly { href: string; text: string; current: boolean }[];
	user: ConsoleUser | undefined;
	/** Messages above the content. */
	notices?: Value;
	body: Markup;
	nonce: string;
	refreshSeconds?: number;
	/** When the page was drawn. */
	now: Markup;
}

/** The whole document around a page's content. */
export function layout(frame: Frame): Markup {
	const { title, navigation, user, notices, body, nonce, refreshSeconds, now } = frame;
	return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title} · RTC Console</title>
<style nonce="${nonce}">${new Markup(STYLE)}</style></head>
<body${refreshSeconds !== undefined && html` data-refresh="${refreshSeconds}"`}>
<a class="skip" href="#content">Skip to content</a>
<header class="bar"><div class="brand"><span class="brand-mark" aria-hidden="true">◉</span> RTC Console</div>
<nav aria-label="Pages of the console"><ul>${navigation.map(({ href, text, current }) => html`<li><a href="${href}"${current && html` aria-current="page"`}>${text}</a></li>`)}</ul></nav>
${user && html`<div class="user"><span class="user-name">${user.name}</span> <span class="badge tone-quiet">${user.role}</span></div>`}</header>
<main id="content" tabindex="-1"><div class="page-head"><h1>${title}</h1><div class="drawn">As of ${now}${refreshSeconds !== undefined && html` <button type="button" class="quiet-button" id="live" aria-pressed="true" hidden>Live</button>`}</div></div>
${notices}
${body}</main>
<script nonce="${nonce}">${new Markup(SCRIPT)}</script>
</body></html>`;
}

/**
 * What a page does beyond HTML; all of it can be missed. Shows times in the viewer's zone, and draws the page anew
 * while nobody is working in it: the address keeps filter, order and page, and its fragment the scroll position, which
 * browsers do not keep for a page with an origin of its own.
 */
export const SCRIPT = `(() => {
	const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
	for (const element of document.querySelectorAll('time[datetime]')) {
		const moment = new Date(element.getAttribute('datetime'));
		if (!Number.isNaN(moment.getTime())) element.textContent = format.format(moment);
	}
	const seconds = Number(document.body.dataset.refresh);
	const button = document.getElementById('live');
	if (!seconds || !button) return;
	let live = true;
	let touchedAt = 0;
	button.hidden = false;
	const place = /^#at-(\\d+)$/.exec(location.hash);
	if (place) scrollTo(0, Number(place[1]));
	button.addEventListener('click', () => {
		live = !live;
		button.setAttribute('aria-pressed', String(live));
		button.textContent = live ? 'Live' : 'Paused';
	});
	for (const type of ['keydown', 'pointerdown', 'scroll', 'input', 'wheel']) {
		addEventListener(type, () => { touchedAt = Date.now(); }, { capture: true, passive: true });
	}
	const busy = () => {
		const active = document.activeElement;
		return Date.now() - touchedAt < 5000
			|| (active && active !== document.body && active.id !== 'live' && active.id !== 'content')
			|| document.querySelector('details.disclosure[open]')
			|| !getSelection().isCollapsed;
	};
	setInterval(() => {
		if (!live || document.hidden || busy()) return;
		location.replace('#at-' + Math.round(scrollY));
		location.reload();
	}, seconds * 1000);
})();`;

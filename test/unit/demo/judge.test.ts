import { judge, type LabState } from '../../../demo/judge';

type Incident = LabState['vendors']['serviceNow']['incidents'][number];

const incident = (id: string, title: string, ...notes: string[]): Incident => ({
	number: `INC${id}`,
	correlation_id: id,
	short_description: `[RTC] ${title}`,
	work_notes: notes.map((value) => ({ value })),
});

/** The lab after a scenario that expects nothing, with these incidents and a card for each contained host. */
function stateWith(incidents: Incident[], cards: number): LabState {
	return {
		violations: 0,
		rateLimited: 0,
		labErrors: 0,
		scenario: { expectations: { contain: [], mayContain: [], maxAutomatic: 0, text: '' }, failures: [] },
		world: { hosts: [] },
		vendors: {
			ise: { ancBindings: [] },
			secureEndpoint: { events: { total: 0 }, isolation: [] },
			webex: { messages: Array.from({ length: cards }, () => ({ attachments: [{ content: { text: 'pc1 was contained' } }] })) },
			serviceNow: { incidents },
		},
	};
}

it('counts incidents of hosts that were contained, at once or after an approval, and no others', () => {
	const incidents = [
		incident('1', 'pc1 was contained'),
		incident('2', 'Approval needed to contain pc2', 'pc2 was contained. Approved by ben: Seen it'),
		incident('3', 'Approval needed to contain pc3', 'Nobody approved in time: pc3 was not contained'),
		incident('4', 'Containment of pc4 did not succeed'),
	];
	expect(judge(stateWith(incidents, 2), 2)).toMatchObject({ held: true, incidents: 2 });
});

it('finds an episode with two incidents, whatever they are about', () => {
	const incidents = [incident('1', 'Approval needed to contain pc1'), incident('1', 'pc1 was contained')];
	expect(judge(stateWith(incidents, 1), 1).failures).toEqual(['Episode 1 has a second incident']);
});

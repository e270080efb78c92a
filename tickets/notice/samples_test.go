package notice

import (
	"slices"
	"testing"

	"tierdesk/templates"
	"tierdesk/tickets"
)

// Whoever previews a template sees the buttons that its mail has.
func TestSamplesHaveTheirButtons(t *testing.T) {
	labels := func(all templates.Buttons) (out []string) {
		for _, b := range all {
			out = append(out, b.Label)
		}
		return out
	}
	m := maker{Case: &Case{Policy: &tickets.Policy{}, Desk: &tickets.Identity{}, Ticket: tickets.Ticket{ID: 1042}}}
	for _, kind := range []templates.Name{templates.Confirm, templates.Held, templates.Draft, templates.Bounced, templates.HasLeft, templates.Receipt,
		templates.Help} {
		sample := templates.Samples(kind)[0].Facts
		want := labels(m.buttons(&Notice{Kind: kind, Gone: &sample.Gone}, &tickets.Agent{}, "en"))
		if got := labels(sample.Buttons); !slices.Equal(got, want) {
			t.Errorf("the preview of %s has the buttons %q, its mail %q", kind, got, want)
		}
	}
	if got := labels(templates.Samples(templates.ArticleReview)[0].Facts.Buttons); !slices.Equal(got, []string{"It is still right"}) {
		t.Errorf("the preview of a review has the buttons %q", got)
	}
}

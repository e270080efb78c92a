package notice

import (
	"slices"
	"strings"
	"testing"

	"tierdesk/templates"
)

// A kind of notice without a row would weigh nothing: any other in the same decision would replace it, and nobody would notice.
func TestEveryKindOfNoticeHasARow(t *testing.T) {
	set, faults := templates.Load(nil)
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	// They are about no ticket or about many, so no decision weighs them.
	elsewhere := []templates.Name{templates.Backlog, templates.FoundList, templates.ArticleReview, templates.Digest, templates.RotaNews}
	for _, name := range set.Names() {
		kind := templates.Name(name)
		_, source, _ := set.Source(name, "en")
		toAgents := strings.Contains(source, `{{template "marker" .}}`)
		row, found := kinds[kind]
		switch {
		case found && !toAgents:
			t.Errorf("%s has a row in kinds, but its mail does not begin as a notice to an agent", kind)
		case toAgents && found == slices.Contains(elsewhere, kind):
			t.Errorf("%s: a notice to agents has a row in kinds.go, or is among those that no decision weighs", kind)
		case found && row.apart != (row.weight == 0):
			t.Errorf("%s weighs %d, apart %t: a notice is either weighed or sent apart", kind, row.weight, row.apart)
		}
	}
}

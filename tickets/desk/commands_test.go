package desk

import (
	"slices"
	"strings"
	"testing"

	"tierdesk/tickets/commands"
	"tierdesk/tickets/phrase"
)

// Every row of the table is a word of the language, stands there once, says what it does in every language, and has somebody who does it.
func TestTheTableOfCommands(t *testing.T) {
	book, faults := phrase.Load(nil, "")
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	var names []commands.Name
	proven := []commands.Name{commands.Cc, commands.Block, commands.Consult, commands.ApproveBy, commands.ForwardAsNew, commands.NewTicket,
		commands.Search, commands.List, commands.Vendor, commands.Introduce, commands.Publish, commands.Idea, commands.Reviewed}
	for _, row := range commandTable(capabilities(Settings{}, nil)) {
		if _, found := commands.Lookup(row.Name); !found {
			t.Errorf("/%s is no word of the language", row.Name)
		}
		if slices.Contains(names, row.Name) {
			t.Errorf("/%s stands in the table twice", row.Name)
		}
		names = append(names, row.Name)
		en, de := row.Help.English(), book.Text(row.Help, "de")
		if !strings.HasSuffix(en, ".") || !strings.HasSuffix(de, ".") {
			t.Errorf("/%s: help is %q, in German %q: it should be a sentence", row.Name, en, de)
		}
		if en == de {
			t.Errorf("/%s: help is not translated: %q has no line in tickets/phrase/lang", row.Name, en)
		}
		if row.Do == nil {
			t.Errorf("/%s is done by nobody", row.Name)
		}
		// What shows the ticket to others or shuts somebody out needs more than a reply address.
		if want := slices.Contains(proven, row.Name); row.Proof != want {
			t.Errorf("/%s: needs proof %t", row.Name, row.Proof)
		}
	}
	if !slices.Equal(names, Commands()) || len(names) < 20 {
		t.Errorf("the desk says that it carries out %q, the table has %q", Commands(), names)
	}
}

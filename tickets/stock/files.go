package stock

import (
	"fmt"
	"strconv"
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailout"
	"tierdesk/mailout/compose"
	"tierdesk/rules/fault"
	"tierdesk/tickets"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/store"
	"tierdesk/tickets/view"
)

// maxAttached is the maximum size, in octets, of a ticket's file sent with an answer: few mail
// servers accept more.
const maxAttached = 15 << 20

// ticketFile is a file of a ticket, with its number in it.
type ticketFile struct {
	tickets.Attachment
	number  int
	inbound int64
}

// attached returns the file that /attach names, or why the mail cannot be sent: an answer must not
// be sent without the file that it mentions.
func attached(a *decision.Act, c commands.Command) (mailout.Attachment, phrase.Text, error) {
	files, err := filesOf(a)
	if err != nil {
		return mailout.Attachment{}, phrase.Text{}, err
	}
	f, why := named(files, c.Args.Name)
	if !why.Empty() {
		return mailout.Attachment{}, why, nil
	}
	if f.Size > maxAttached {
		return mailout.Attachment{}, phrase.Say("The file %s is too large to be sent by mail.", shown(f)), nil
	}
	_, kept, err := store.Raw(a.Tx, f.inbound)
	if err != nil || !kept {
		return mailout.Attachment{}, phrase.Say("The mail with the file %s is no longer kept.", shown(f)), err
	}
	return mailout.Attachment{Name: f.Name, ContentType: f.Type, Inbound: f.inbound, Index: f.Index}, phrase.Text{}, nil
}

// filesOf returns the files of a ticket that the agent may see, in order of arrival: those of
// customers, colleagues and third persons, except certificates that identify their sender.
func filesOf(a *decision.Act) ([]ticketFile, error) {
	messages, err := store.Messages(a.Tx, a.Ticket.ID)
	if err != nil {
		return nil, err
	}
	var out []ticketFile
	for _, m := range view.Shown(a.Policy, &a.Ticket, messages, a.Agent) {
		for _, f := range m.Files {
			if m.Inbound != 0 && m.Kind != tickets.Automatic && !compose.ProvesIdentity(f.Name, f.Type) {
				out = append(out, ticketFile{f, len(out) + 1, m.Inbound})
			}
		}
	}
	return out, nil
}

// named returns the file that a word refers to: by its name, an unambiguous beginning of its name,
// or its number. A name takes precedence over a number. If there is none, the text lists the files.
// It is pure.
func named(files []ticketFile, word string) (ticketFile, phrase.Text) {
	if len(files) == 0 {
		return ticketFile{}, phrase.Say("The ticket has no files.")
	}
	if strings.TrimSpace(word) == "" {
		return ticketFile{}, phrase.Say("Name one of the files of the ticket, or its number: %s", list(files))
	}
	folded := mailin.Fold(word)
	for _, fits := range []func(f ticketFile) bool{
		func(f ticketFile) bool { return f.Name != "" && mailin.Fold(f.Name) == folded },
		func(f ticketFile) bool { return strconv.Itoa(f.number) == strings.TrimPrefix(folded, "#") },
		func(f ticketFile) bool { return strings.HasPrefix(mailin.Fold(f.Name), folded) },
	} {
		var found []ticketFile
		for _, f := range files {
			if fits(f) {
				found = append(found, f)
			}
		}
		switch {
		case len(found) == 1:
			return found[0], phrase.Text{}
		case len(found) > 1:
			return ticketFile{}, phrase.Say("Several files fit %q: name one by its number. There are: %s", word, list(found))
		}
	}
	var names []string
	for _, f := range files {
		if f.Name != "" {
			names = append(names, f.Name)
		}
	}
	near := fault.Nearest(word, names)
	if near != "" {
		near = "/attach " + near
	}
	return ticketFile{}, commands.Meant(phrase.Say("The ticket has no file %q. There are: %s", word, list(files)), near, nil)
}

// maxListed is the maximum number of files that a refusal lists.
const maxListed = 30

func list(files []ticketFile) string {
	var out []string
	for _, f := range files[:min(len(files), maxListed)] {
		out = append(out, fmt.Sprintf("%d: %s", f.number, shown(f)))
	}
	if len(files) > maxListed {
		out = append(out, "…")
	}
	return strings.Join(out, ", ")
}

// shown returns the name of a file, or its type if it has none.
func shown(f ticketFile) string {
	if f.Name == "" {
		return f.Type
	}
	return f.Name
}

// sends says that the file is sent along.
func sends(a *decision.Act, c commands.Command) (phrase.Text, error) {
	files, err := filesOf(a)
	if err != nil {
		return phrase.Text{}, err
	}
	f, _ := named(files, c.Args.Name)
	return phrase.Say("The file %s goes along.", shown(f)), nil
}

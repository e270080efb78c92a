package notice

import (
	"cmp"
	"net/url"

	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/articles"
)

// maxPage is the maximum length, in octets, of an article that is shown whole in a mail.
const maxPage = 2500

// ArticleFacts returns an article as a mail shows it: whole, or only its beginning if it is long.
func ArticleFacts(a *articles.Article) templates.Article {
	out := templates.Article{Title: a.Title, Link: a.Link}
	if len(a.Page.Text()) <= maxPage {
		out.Page = a.Page
	} else {
		out.Summary = a.Summary()
	}
	return out
}

// suggestions adds the articles that may answer the customer to an acknowledgement, the best one
// whole, and links by which the customer says whether they helped. The links lead to the address of
// this copy.
func (m *maker) suggestions(f *templates.Facts, id int64, to tickets.Participant, inbox *tickets.Inbox) {
	for i, found := range m.Suggested {
		a := ArticleFacts(found.Article)
		if i > 0 {
			a.Page, a.Summary = templates.Page{}, found.Summary()
			a.Link = cmp.Or(a.Link, ArticleLink(inbox, found.Article))
		}
		f.Suggestions = append(f.Suggestions, a)
	}
	if len(f.Suggestions) == 0 || inbox.Style == string(token.None) {
		return
	}
	button := func(said string, action token.Action) templates.Button {
		address := m.Keys.Address(inbox.Address, token.ReplyAddress(inbox.Style),
			token.Ref{Ticket: m.Ticket.ID, Party: mailout.Customer, Notice: id, Action: action}, cmp.Or(to.Shown, to.Address))
		return templates.Button{Label: said, Mailto: templates.Link("mailto:" + url.PathEscape(address) + "?subject=" +
			url.PathEscape(said) + "&body=" + url.PathEscape(said))}
	}
	solved, person := templates.Labels(cmp.Or(m.Ticket.Language, m.Desk.Language))
	f.Buttons = templates.Buttons{button(solved, token.SolvedIt), button(person, token.Person)}
}

// ArticleLink returns a mailto link that requests an article from the desk, "" if the desk has no
// address for that.
func ArticleLink(inbox *tickets.Inbox, a *articles.Article) templates.Link {
	address := inbox.Library()
	if address == "" {
		return ""
	}
	return templates.Link("mailto:" + url.PathEscape(address) + "?subject=" + url.PathEscape(a.Title))
}

package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tierdesk/cmd/internal/config"
	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/store"
)

type kbCmd struct {
	List    kbListCmd    `cmd:"" help:"List the articles, with their languages and who may see them."`
	Suggest kbSuggestCmd `cmd:"" help:"Show which articles the desk would offer for a text."`
	Solved  kbSolvedCmd  `cmd:"" help:"Show how often articles were offered, and how often they solved a ticket."`
}

type kbListCmd struct {
	inFolder
	asJSON
}

// articleObject is an article as scripts see it.
type articleObject struct {
	Name     string  `json:"name"`
	File     string  `json:"file"`
	Title    string  `json:"title"`
	Language string  `json:"language"`
	Public   bool    `json:"public"`
	Link     string  `json:"link,omitempty"`
	Owner    string  `json:"owner,omitempty"`
	Review   string  `json:"review,omitempty"`
	Score    float64 `json:"score,omitempty"`
}

func articleOf(a *articles.Article) articleObject {
	return articleObject{Name: a.Name, File: a.File, Title: a.Title, Language: a.Language, Public: a.Public, Link: string(a.Link),
		Owner: a.Review.Owner, Review: a.Review.When}
}

// Run lists the articles.
func (c *kbListCmd) Run(e *env) error {
	cfg, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	list := []articleObject{}
	all := cfg.Articles.All()
	for i := range all {
		list = append(list, articleOf(&all[i]))
	}
	if c.JSON {
		return e.json(list)
	}
	if len(list) == 0 {
		e.none("there is no article in kb/")
		return nil
	}
	t := e.table("name", "language", "for", "owner", "review", "title*")
	for _, o := range list {
		audience := "agents"
		if o.Public {
			audience = "customers"
		}
		t.add(cell{o.Name, bold}, o.Language, audience, o.Owner, o.Review, o.Title)
	}
	t.print()
	return nil
}

type kbSuggestCmd struct {
	Text []string `arg:"" help:"What a customer might write."`
	inFolder
	Language string `short:"l" placeholder:"LL" help:"Two letters (default: the desk's)."`
	All      bool   `help:"Show those that come nearest, whatever their score."`
	asJSON
}

// Run shows which articles would be offered.
func (c *kbSuggestCmd) Run(e *env) error {
	cfg, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	text := strings.Join(c.Text, " ")
	if strings.TrimSpace(text) == "" {
		return hinted(errors.New("there is no text"), "tierdesk kb suggest the printer jams")
	}
	list := []articleObject{}
	public, internal := cfg.Articles.Suggest(articles.Question{Text: text, Language: c.Language, Any: c.All})
	for _, found := range slices.Concat(public, internal) {
		o := articleOf(found.Article)
		o.Score = found.Score
		list = append(list, o)
	}
	if c.JSON {
		return e.json(list)
	}
	if len(list) == 0 {
		e.none("no article fits well enough; --all shows those that come nearest")
		return nil
	}
	t := e.table("score>", "name", "language", "for", "title*")
	for _, o := range list {
		audience := "agents"
		if o.Public {
			audience = "customers"
		}
		t.add(fmt.Sprintf("%.1f", o.Score), cell{o.Name, bold}, o.Language, audience, o.Title)
	}
	t.print()
	return nil
}

type kbSolvedCmd struct {
	inFolder
	asJSON
}

// Run shows how often articles were offered and solved a ticket.
func (c *kbSolvedCmd) Run(e *env) error {
	db, err := c.database(e)
	if err != nil {
		return err
	}
	defer db.Close()
	var o struct {
		Opened  int `json:"opened"`
		Offered int `json:"offered"`
		Solved  int `json:"solved"`
		Person  int `json:"person"`
	}
	err = db.View(e.ctx, func(tx *sqldb.Tx) error {
		counts, err := store.TicketsByEvent(tx)
		o.Opened, o.Offered = counts[tickets.Opened], counts[tickets.Suggested]
		o.Solved, o.Person = counts[tickets.SolvedIt], counts[tickets.PersonWanted]
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(o)
	}
	t := e.table("what*", "tickets>")
	t.add("opened", fmt.Sprint(o.Opened))
	t.add("an article was offered", fmt.Sprint(o.Offered))
	t.add("the customer said that it is solved", fmt.Sprint(o.Solved))
	t.add("the customer asked for a person", fmt.Sprint(o.Person))
	t.print()
	return nil
}

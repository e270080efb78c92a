package cli

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"tierdesk/cmd/internal/config"
	"tierdesk/rules/fault"
	"tierdesk/templates"
	"tierdesk/tickets/phrase"
)

type templateCmd struct {
	List    templateListCmd    `cmd:"" help:"List the mails that the desk writes and the stock replies of its agents, and in which languages."`
	Show    templateShowCmd    `cmd:"" help:"Print a template, to start your own version from; \"phrases\" prints the sentences that the desk puts into its mails."`
	Preview templatePreviewCmd `cmd:"" help:"Show what the mail looks like."`
}

type templateListCmd struct {
	inFolder
	Inbox string `placeholder:"NAME" help:"As the mails of this inbox are made, with its own files."`
	asJSON
}

// Run lists the templates.
func (c *templateListCmd) Run(e *env) error {
	cfg, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	set, err := forInbox(cfg, c.Inbox)
	if err != nil {
		return err
	}
	type object struct {
		Name      string   `json:"name"`
		Languages []string `json:"languages"`
		Own       []string `json:"own,omitempty"` // files
		Piece     bool     `json:"piece"`         // mails take it in
		Reply     bool     `json:"reply"`         // a rule may reply with it
		Stock     bool     `json:"stock"`         // agents send it, by /template
	}
	list := []object{}
	for _, name := range slices.Concat(set.Names(), set.Pieces()) {
		o := object{Name: name, Piece: strings.HasPrefix(name, "_"), Reply: set.ForRules(name), Languages: []string{}}
		for _, lang := range set.Languages(name) {
			if lang != "" {
				o.Languages = append(o.Languages, lang)
			}
			file, _, _ := set.Source(name, lang)
			if _, err := os.Stat(cfg.Dir + "/templates/" + file); err == nil {
				o.Own = append(o.Own, file)
			}
		}
		list = append(list, o)
	}
	for _, name := range cfg.Replies.Names() {
		o := object{Name: name, Stock: true, Own: cfg.Replies.Files(name), Languages: []string{}}
		for _, lang := range cfg.Replies.Languages(name) {
			if lang != "" {
				o.Languages = append(o.Languages, lang)
			}
		}
		list = append(list, o)
	}
	if c.JSON {
		return e.json(list)
	}
	t := e.table("name", "languages", "rules may reply with it", "own files")
	for _, o := range list {
		reply := ""
		if o.Reply {
			reply = "yes"
		}
		if o.Piece {
			reply = "a piece of other mails"
		}
		if o.Stock {
			reply = "agents, by /template " + o.Name
		}
		t.add(cell{o.Name, bold}, strings.Join(o.Languages, " "), reply, cell{strings.Join(o.Own, " "), cyan})
	}
	t.print()
	return nil
}

// template is for commands on one template.
type template struct {
	Name string `arg:"" help:"Its name, as in template list."`
	inFolder
	Language string `short:"l" placeholder:"LL" help:"Two letters (default: the desk's)."`
	Inbox    string `placeholder:"NAME" help:"As the mails of this inbox are made, with its own files."`
}

// load returns the templates and the language.
func (t template) load(e *env) (*config.Desk, *templates.Set, string, error) {
	cfg, err := config.Load(e.ctx, t.Dir)
	if err != nil {
		return nil, nil, "", err
	}
	set, err := forInbox(cfg, t.Inbox)
	if err != nil {
		return nil, nil, "", err
	}
	if all := slices.Concat(set.Names(), set.Pieces()); !slices.Contains(all, t.Name) {
		hint := "tierdesk template list"
		if near := fault.Nearest(t.Name, all); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return nil, nil, "", hinted(fmt.Errorf("there is no template %q", t.Name), "%s", hint)
	}
	return cfg, set, cmp.Or(t.Language, cfg.Main.Language), nil
}

// forInbox returns the templates of an inbox; without a name, those for all inboxes.
func forInbox(cfg *config.Desk, name string) (*templates.Set, error) {
	var names []string
	for _, in := range cfg.Main.Inboxes {
		names = append(names, in.Name)
	}
	if name != "" && !slices.Contains(names, name) {
		return nil, hinted(fmt.Errorf("there is no inbox %q", name), "%s", fault.Hint(name, names))
	}
	return cfg.Templates.For(name), nil
}

type templateShowCmd struct {
	template
	asJSON
}

// Run shows a template's source, or all phrases.
func (c *templateShowCmd) Run(e *env) error {
	if c.Name == phrasesName {
		return c.phrases(e)
	}
	_, set, lang, err := c.load(e)
	if err != nil {
		return err
	}
	file, text, ok := set.Source(c.Name, lang)
	if !ok {
		return fmt.Errorf("there is no template %q for the language %q", c.Name, lang)
	}
	return c.show(e, file, text)
}

// phrasesName is the name under which the sentences that the desk puts into its mails are shown.
const phrasesName = "phrases"

// phrases prints all sentences of a language in the form of an admin's own file.
func (c *templateShowCmd) phrases(e *env) error {
	cfg, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	language := cmp.Or(c.Language, cfg.Main.Language)
	file := phrasesName + "." + language + ".txt"
	if _, ok := phrase.FileName(file); !ok {
		return hinted(fmt.Errorf("%q is not a language", language), "two letters, like en or de")
	}
	return c.show(e, file, cfg.Phrases.Source(language))
}

func (c *templateShowCmd) show(e *env, file, text string) error {
	if c.JSON {
		return e.json(struct {
			Name string `json:"name"`
			File string `json:"file"`
			Text string `json:"text"`
		}{c.Name, file, text})
	}
	if e.outTerminal {
		e.printf("%s\n", e.paint(faint, "save it as templates/"+file+" to write your own"))
	}
	e.printf("%s\n", strings.TrimRight(text, "\n"))
	return nil
}

type templatePreviewCmd struct {
	template
	HTML   string `name:"html" placeholder:"FILE" help:"Also write the HTML to a file, for a browser."`
	Sample string `placeholder:"WORDS" help:"The sample facts to fill it with; an unknown name lists those there are (default: full facts)."`
	asJSON
}

// Run shows what a mail looks like.
func (c *templatePreviewCmd) Run(e *env) error {
	cfg, set, lang, err := c.load(e)
	if err != nil {
		return err
	}
	if !set.Has(c.Name) {
		return hinted(fmt.Errorf("%q is part of other mails, not a mail itself", c.Name), "preview a mail that includes it, like ack")
	}
	samples := templates.Samples(templates.Name(c.Name))
	facts, names := samples[0].Facts, []string{}
	found := c.Sample == ""
	for _, s := range samples {
		names = append(names, `"`+s.What+`"`)
		if s.What == c.Sample {
			facts, found = s.Facts, true
		}
	}
	if !found {
		return failure{error: fmt.Errorf("there is no sample %q", c.Sample), hint: "there is " + strings.Join(names, ", "), code: exitUsage}
	}
	facts.Desk.Name, facts.Desk.Domain, facts.Desk.Language, facts.Desk.Address = cfg.Main.Name, cfg.Main.Domain, cfg.Main.Language,
		cfg.Main.Inboxes[0].Address
	for _, in := range cfg.Main.Inboxes {
		if in.Name == c.Inbox && set.FromInbox(c.Name) {
			facts.Desk.Name, facts.Desk.Address, facts.Ticket.Inbox = in.FromName, in.Address, in.Name
		}
	}
	mail, err := set.Render(templates.Name(c.Name), lang, facts)
	if err != nil {
		return err
	}
	if mail.Fault != nil {
		fmt.Fprintf(e.err, "%s %s\n", e.onErr(yellow, "the own version fails on these facts, the built-in one is used:"), mail.Fault)
	}
	if c.HTML != "" {
		if err := os.WriteFile(c.HTML, []byte(mail.HTML), 0o644); err != nil {
			return fmt.Errorf("writing the HTML: %w", err)
		}
	}
	if err := e.rendered(mail.Subject, mail.Text, mail.HTML, c.asJSON); err != nil {
		return err
	}
	if c.HTML != "" && !c.JSON {
		e.printf("\n%s\n", e.paint(faint, "the HTML is in "+c.HTML))
	}
	return nil
}

package cli

import (
	"fmt"
	"strconv"
	"strings"

	"tierdesk/cmd/internal/config"
	"tierdesk/rules/fault"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/form"
)

type formCmd struct {
	List    formListCmd    `cmd:"" help:"List the forms that the desk can ask requesters."`
	Preview formPreviewCmd `cmd:"" help:"Show the mail that a form becomes."`
}

type formListCmd struct {
	inFolder
	asJSON
}

// Run lists the forms.
func (c *formListCmd) Run(e *env) error {
	cfg, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	type object struct {
		Name      string   `json:"name"`
		Title     string   `json:"title"`
		Questions []string `json:"questions"`          // names of the fields
		Approval  string   `json:"approval,omitempty"` // who approves
	}
	list := []object{}
	for _, f := range cfg.Forms {
		o := object{Name: f.Name, Title: f.Title.In(cfg.Main.Language,
			cfg.Main.Language), Questions: []string{}, Approval: approves(f.Approval)}
		for _, q := range f.Questions {
			o.Questions = append(o.Questions, q.Name)
		}
		list = append(list, o)
	}
	if c.JSON {
		return e.json(list)
	}
	t := e.table("name", "title", "fields", "approved by")
	for _, o := range list {
		t.add(cell{o.Name, bold}, o.Title, strings.Join(o.Questions, " "), o.Approval)
	}
	t.print()
	return nil
}

// approves says who approves a form.
func approves(a *tickets.FormApproval) string {
	switch {
	case a == nil:
		return ""
	case a.Lead != "":
		return "lead of " + a.Lead
	case a.Field != "":
		return "field " + a.Field
	}
	return a.Address
}

type formPreviewCmd struct {
	Name string `arg:"" help:"Its name, as in form list."`
	inFolder
	Language string `short:"l" placeholder:"LL" help:"Two letters (default: the desk's)."`
	asJSON
}

// Run shows the mail in which a form is sent.
func (c *formPreviewCmd) Run(e *env) error {
	cfg, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	f := cfg.Forms.Form(c.Name)
	if f == nil {
		hint := "tierdesk form list"
		if near := fault.Nearest(c.Name, cfg.Forms.Names()); near != "" {
			hint = "did you mean " + strconv.Quote(near) + "?"
		}
		return hinted(fmt.Errorf("there is no form %q", c.Name), "%s", hint)
	}
	lang := c.Language
	if lang == "" {
		lang = cfg.Main.Language
	}
	facts := templates.FullSample()
	facts.Body, facts.Desk.Name, facts.Desk.Domain, facts.Desk.Language = "", cfg.Main.Name, cfg.Main.Domain, cfg.Main.Language
	facts.Form = form.Questions(f, lang, cfg.Main.Language)
	mail, err := cfg.Templates.Render(templates.Form, lang, facts)
	if err != nil {
		return err
	}
	return e.rendered(mail.Subject, mail.Text, mail.HTML, c.asJSON)
}

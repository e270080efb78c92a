package kb

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tierdesk/mailin"
	"tierdesk/mailin/quote"
	"tierdesk/mailout"
	"tierdesk/mailout/token"
	"tierdesk/migrations/meta"
	"tierdesk/migrations/sqldb"
	"tierdesk/templates"
	"tierdesk/tickets"
	"tierdesk/tickets/articles"
	"tierdesk/tickets/commands"
	"tierdesk/tickets/decision"
	"tierdesk/tickets/notice"
	"tierdesk/tickets/phrase"
	"tierdesk/tickets/timers"
)

// The review of articles:
//
//	Arrange      each article with an owner has a timer, named by its file
//	Fire         the owner gets a mail; the timer is set again, at growing intervals, a few times
//	/reviewed    the owner's answer: the article is still right, or its new text. The timer is set
//	             to the next review; a new text gets a timer of its own
//	Fire (text)  the text is written to the drafts folder, and the admin is told and decides
//
// A timer is removed and set again in one transaction, so nothing is said twice, and after an
// outage there is one mail and not several.

const (
	maxReminded = 4 // the maximum number of mails about one review
	maxADay     = 3 // the maximum number of mails to one owner in a day
	textOf      = "text "
	idField     = "X-Tierdesk-Article"
)

// gap returns the number of days until the next mail about a review, after the owner has been told
// that many times: 7, 14, 28.
func gap(told int) int { return 7 << (told - 1) }

// review is the data in the timer of an article.
type review struct {
	When string    `json:"when"`          // as the article says
	Text string    `json:"text"`          // a hash of the article's text
	Who  string    `json:"who,omitempty"` // its owner
	Told int       `json:"told,omitempty"`
	Last time.Time `json:"last,omitzero"` // when its owner was last told
}

func (r review) String() string { b, _ := json.Marshal(r); return string(b) }

func remembered(data string) (r review) {
	_ = json.Unmarshal([]byte(data), &r) // on an unknown format start afresh
	return r
}

func reviewOf(a *articles.Article) review {
	h := fnv.New64a()
	h.Write([]byte(a.Title + "\n" + a.Text))
	return review{When: a.Review.When, Who: a.Review.Owner, Text: strconv.FormatUint(h.Sum64(), 36)}
}

// arranged returns when the review of an article is due, given the data in its timer, and whether
// the timer must be set. It must be if the article is new, its review times or its text have
// changed, or its owner has changed since the owner was asked. It is pure.
func arranged(a *articles.Article, known bool, before review, now time.Time) (due time.Time, change bool) {
	is := reviewOf(a)
	switch {
	case !known || before.When != is.When:
		return a.Review.First(now), true
	case before.Text != is.Text: // a changed text counts as reviewed
		return a.Review.Next(now), true
	case before.Told > 0 && before.Who != "" && before.Who != is.Who: // a first request to the new owner, not a reminder
		return articles.Morning(now.AddDate(0, 0, 1), now.Location()), true
	}
	return time.Time{}, false
}

// Arrange makes sure that each article with a review has its timer.
func Arrange(ctx decision.Context) error {
	set, err := timers.Hold(ctx.Tx, timers.Review) // another daemon may be firing one
	if err != nil {
		return err
	}
	before := map[string]review{}
	for _, t := range set {
		before[t.Name] = remembered(t.Data)
	}
	all := ctx.Policy.Articles.All()
	for i := range all {
		a := &all[i]
		if !a.Review.Wanted() {
			continue
		}
		b, known := before[a.File]
		if due, change := arranged(a, known, b, here(ctx)); change {
			set := timers.Set
			if !known {
				set = timers.SetIfNone // another daemon may just have set it
			}
			if err := set(ctx.Tx, timerOf(a, reviewOf(a), due)); err != nil {
				return err
			}
		}
	}
	return nil
}

func here(ctx decision.Context) time.Time { return ctx.Tx.Now().In(ctx.Desk.Location) }

func setReview(ctx decision.Context, a *articles.Article, r review, due time.Time) error {
	return timers.Set(ctx.Tx, timerOf(a, r, due))
}

func timerOf(a *articles.Article, r review, due time.Time) timers.Timer {
	return timers.Timer{Kind: timers.Review, Name: a.File, Data: r.String(), Due: sqldb.At(due)}
}

// dayEnds is the hour after which nobody is reminded until the next morning.
const dayEnds = 20

// awake returns the next time at which somebody may be reminded: by day, and outside their quiet
// hours. If those cover the whole day, it is in the evening. It is pure.
func awake(now time.Time, quiet tickets.Hours) time.Time {
	if ends := quiet.Ends(now); !ends.IsZero() {
		now = ends
	}
	morning := articles.Morning(now, now.Location())
	switch {
	case now.Hour() >= dayEnds:
		morning = articles.Morning(now.AddDate(0, 0, 1), now.Location())
	case !now.Before(morning):
		return now
	}
	ends := quiet.Ends(morning)
	switch {
	case ends.IsZero():
		return morning
	case ends.Hour() < dayEnds:
		return ends
	}
	return now
}

// Fire reminds the owner of an article, or writes out the text that an owner has sent. dir is the
// desk folder.
func Fire(dir string) func(ctx decision.Context, t timers.Timer) error {
	return func(ctx decision.Context, t timers.Timer) error {
		if strings.HasPrefix(t.Name, textOf) {
			return writeDown(ctx, t, dir)
		}
		a := ctx.Policy.Articles.ByFile(t.Name)
		if a == nil || !a.Review.Wanted() {
			return nil // if the article comes back, it counts as new
		}
		now, r := here(ctx), remembered(t.Data)
		if due, change := arranged(a, true, r, now); change && due.After(now) {
			return setReview(ctx, a, reviewOf(a), due)
		}
		owner := ctx.Policy.People.Agent(a.Review.Owner)
		if owner == nil {
			return nil // the folder is checked before it is in force
		}
		if at := awake(now, owner.Quiet); at.After(now) {
			return setReview(ctx, a, r, at)
		}
		full, err := toldToday(ctx, owner.Name, now)
		if err != nil {
			return err
		}
		if full {
			return setReview(ctx, a, r, articles.Morning(now.AddDate(0, 0, 1), now.Location()))
		}
		if err := remind(ctx, a, owner, r.Told); err != nil {
			return err
		}
		is := reviewOf(a)
		is.Told, is.Last = r.Told+1, ctx.Tx.Now()
		if is.Told < maxReminded {
			return setReview(ctx, a, is, articles.Morning(now.AddDate(0, 0, gap(is.Told)), now.Location()))
		}
		is.Told = 0
		return setReview(ctx, a, is, a.Review.Next(now))
	}
}

// toldToday reports whether an owner has already had the maximum number of these mails today.
func toldToday(ctx decision.Context, owner string, now time.Time) (bool, error) {
	// Another daemon may be reminding the same owner: wait for it.
	if _, _, err := meta.Lock(ctx.Tx, "reviews of "+owner); err != nil {
		return false, err
	}
	all, err := timers.Of(ctx.Tx, timers.Review)
	if err != nil {
		return false, err
	}
	n := 0
	for _, t := range all {
		a := ctx.Policy.Articles.ByFile(t.Name)
		r := remembered(t.Data)
		last := r.Last.In(now.Location())
		if a != nil && cmp.Or(r.Who, a.Review.Owner) == owner && last.YearDay() == now.YearDay() && last.Year() == now.Year() {
			n++
		}
	}
	return n >= maxADay, nil
}

// remind mails an article to its owner. A link answers that it is still right, with the command
// that the owner could type.
func remind(ctx decision.Context, a *articles.Article, owner *tickets.Agent, told int) error {
	language := cmp.Or(owner.Language, ctx.Desk.Language)
	yes := ctx.Policy.Say(phrase.Say("It is still right"), language)
	reply := ""
	facts := func(id int64, s *notice.Sender) *templates.Facts {
		f := notice.DeskFacts(ctx.Desk, ctx.Tx.Now())
		f.Body = templates.Block(a.Text)
		f.Review = templates.Review{Title: a.Title, File: a.File, Told: told, Last: told+1 == maxReminded,
			Next: a.Review.Next(here(ctx))}
		reply = s.Reply(id, &tickets.Ticket{}, owner)
		if token.ReplyAddress(ctx.Desk.Inboxes[0].Style) == token.None {
			return &f // a link would open a mail that answers nothing
		}
		f.Buttons = templates.Buttons{{Label: yes, Mailto: templates.Link("mailto:" + url.PathEscape(reply) + "?subject=" +
			url.PathEscape("Re: "+a.Title) + "&body=" + url.PathEscape(yes))}}
		return &f
	}
	return decision.TellAgent(ctx, templates.ArticleReview, owner, mailout.Notices, facts, func(m *mailout.Mail) {
		m.ReplyTo = reply
		m.Header = append(m.Header, mailin.Field{Key: idField, Value: a.ID()})
	})
}

// implied returns the command that an owner's answer implies: nobody has to type it.
func implied(answered *mailout.Mail) string {
	if answered.Kind != string(templates.ArticleReview) {
		return ""
	}
	for _, f := range answered.Header {
		if f.Key == idField {
			return "/" + string(commands.Reviewed) + " " + f.Value
		}
	}
	return ""
}

// verdict is an owner's verdict on an article.
type verdict int

const (
	newText    verdict = iota
	stillRight         // also an empty text below a typed command
	noVerdict          // politeness alone
)

// judged returns the verdict in an owner's text. It is pure.
func judged(agent *tickets.Agent, text string) verdict {
	if strings.ContainsAny(text, "?？¿") {
		return newText
	}
	names := strings.Fields(strings.ToLower(agent.FullName))
	switch what, understood := said(text, names); {
	case strings.TrimSpace(text) == "", what == right:
		return stillRight
	case understood:
		return noVerdict
	}
	return newText
}

// light reports whether an owner's text leaves the article unchanged.
func light(agent *tickets.Agent, text string) bool { return judged(agent, text) != newText }

// sent is an owner's text that is to be written to the drafts folder.
type sent struct {
	File  string `json:"file"`
	Agent string `json:"agent"`
	Text  string `json:"text"`
	// Remark means that the text is not a whole article: it goes to the admin and does not become a
	// draft.
	Remark bool `json:"remark,omitempty"`
}

// remark reports whether a text is too short to replace an article: it has less than half as many
// words. It is pure.
func remark(text string, a *articles.Article) bool {
	return 2*len(strings.Fields(text)) < len(strings.Fields(a.Text))
}

// reviewed is /reviewed: an article is right as it is, or with the text below.
func reviewed(a *decision.Act, c commands.Command) (phrase.Text, error) {
	page := a.Policy.Articles.ByFile("kb/" + c.Args.Name + ".md")
	switch {
	case page == nil || !page.Review.Wanted():
		return phrase.Say("Nothing was done: there is no article %s that anybody reviews.", c.Args.Name), nil
	case page.Review.Owner != a.Agent.Name:
		return phrase.Say("Nothing was done: the article %s belongs to somebody else.", c.Args.Name), nil
	}
	text := strings.TrimSpace(quote.KeepQuoted(a.Text)) // the quoted old text is not part of the new one
	what := judged(a.Agent, text)
	if what == noVerdict || text == "" && strings.TrimSpace(a.Text) != "" {
		return phrase.Say("Nothing was done: answer that the article is still right, or with the whole of its new text."), nil
	}
	next := page.Review.Next(here(a.Context))
	again := phrase.Moment{At: next, Now: a.Tx.Now(), Location: a.Desk.Location, DayAlone: true}
	if err := setReview(a.Context, page, reviewOf(page), next); err != nil {
		return phrase.Text{}, err
	}
	if what == stillRight {
		return phrase.Say("The article %s is right as it is. You are asked again on %s.", page.Title, again), nil
	}
	data, err := json.Marshal(sent{page.File, a.Agent.Name, text, remark(text, page)})
	if err != nil {
		return phrase.Text{}, err
	}
	if err := timers.Set(a.Tx, timers.Timer{Kind: timers.Review, Name: textOf + strconv.FormatInt(a.Mail.ID, 10), Data: string(data),
		Due: sqldb.At(a.Tx.Now())}); err != nil {
		return phrase.Text{}, err
	}
	if remark(text, page) {
		return phrase.Say("Your text is much shorter than the article %s, so it goes to the admin as a remark and not as its new text. What you changed in the quoted article was not read. You are asked again on %s.",
			page.Title, again), nil
	}
	return phrase.Say("Your text goes to the admin as a draft of the article %s; until they put it in place, the old one stays. You are asked again on %s.",
		page.Title, again), nil
}

// writeDown writes an owner's text to the drafts folder, and tells the admin. If the same timer
// fires again it writes the same file.
func writeDown(ctx decision.Context, t timers.Timer, dir string) error {
	var s sent
	if err := json.Unmarshal([]byte(t.Data), &s); err != nil {
		return err
	}
	a := ctx.Policy.Articles.ByFile(s.File)
	if a == nil { // the article is gone meanwhile; keep the text
		a = &articles.Article{File: s.File, Name: articles.NameOf(s.File), Title: articles.NameOf(s.File), Language: ctx.Desk.Language}
	}
	var file string
	var fault error
	if !s.Remark {
		file, fault = articles.WriteDraft(dir, fmt.Sprintf("review-%s-%s.md", strings.TrimPrefix(t.Name, textOf), a.ID()), draft(a, s.Text))
	}
	f := notice.DeskFacts(ctx.Desk, ctx.Tx.Now())
	f.Body = templates.Block(s.Text)
	f.Agent.Name = s.Agent
	if agent := ctx.Policy.People.Agent(s.Agent); agent != nil {
		f.Agent.Name = agent.FullName
	}
	f.Review = templates.Review{Title: a.Title, File: a.File, Draft: file}
	if fault != nil {
		ctx.Log.Warn("an article draft could not be written", "article", a.File, "error", fault)
		f.Review.Draft, f.Review.Fault = "", fault.Error()
		if ctx.Desk.Admin == "" {
			return fault // the text has reached nobody: try again
		}
	}
	return decision.TellAdmin(ctx, templates.ArticleDraft, ctx.Desk.Admin, &f)
}

// draft returns an owner's text in the form of the article's file, ready to replace it. A first
// line "Title: ..." is the new title. It is pure.
func draft(a *articles.Article, text string) string {
	title := a.Title
	first, rest, _ := strings.Cut(text, "\n")
	words := []string{"title", "titel", "titre", "título", "titolo"}
	if key, value, found := strings.Cut(first, ":"); found && slices.Contains(words, strings.TrimSpace(mailin.Fold(key))) &&
		strings.TrimSpace(value) != "" && strings.TrimSpace(rest) != "" {
		title, text = strings.TrimSpace(value), strings.TrimSpace(rest)
	}
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, value)
		}
	}
	b.WriteString("---\n")
	line("title", strconv.QuoteToGraphic(title))
	line("public", strconv.FormatBool(a.Public))
	line("language", a.Language)
	var tags []string
	for _, t := range a.Tags {
		tags = append(tags, strconv.QuoteToGraphic(t))
	}
	if len(tags) > 0 {
		line("tags", "["+strings.Join(tags, ", ")+"]")
	}
	if a.Link != "" {
		line("link", strconv.QuoteToGraphic(string(a.Link)))
	}
	line("owner", a.Review.Owner)
	line("review", a.Review.When)
	return b.String() + "---\n\n" + text + "\n"
}

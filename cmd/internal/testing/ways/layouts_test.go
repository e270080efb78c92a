package ways

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"
	"tierdesk/mailin/read"
	"tierdesk/tickets"
	"tierdesk/tickets/answers"
)

// item is a question with its number, its hint and what is answered to it.
type item struct {
	n            int
	ask, hint, a string
}

// hintOf is what the form's mail says behind a question.
func hintOf(q *tickets.Question, lang string) string {
	hints := map[string][3]string{"en": {" or ", "yes or no", "a date"}, "de": {" oder ", "ja oder nein", "ein Datum"}, "fr": {" ou ", "oui ou non", "une date"},
		"es": {" o ", "sí o no", "una fecha"}, "it": {" o ", "sì o no", "una data"}, "nl": {" of ", "ja of nee", "een datum"}}[lang]
	or, yn, d := hints[0], hints[1], hints[2]
	switch q.Kind {
	case tickets.AskYesNo:
		return " (" + yn + ")"
	case tickets.AskDate:
		return " (" + d + ")"
	case tickets.AskChoice:
		var c []string
		for _, x := range q.Choices {
			c = append(c, x.Value)
		}
		return " (" + strings.Join(c[:len(c)-1], ", ") + or + c[len(c)-1] + ")"
	}
	return ""
}

// leastLayouts is how many of the mails have to be read right: what has been reached.
const leastLayouts = 382

// TestLayouts lays answers out in the ways in which mail programs and people do, for each form. None may be read wrong.
func TestLayouts(t *testing.T) {
	forms, desk := load(t, "testdata/forms"), desk(t, "testdata")
	sets := map[string][][2][]string{ // answers, values
		"printer": {{{"HP LaserJet 400", "12000", "yes", "yesterday", "black"}, {"HP LaserJet 400", "12000", "yes", "2026-03-09", "black"}}},
		"starter": {{{"Mina Kaur", "19 March", "minak@post.example", "laptop", "yes please", "2", "she is left-handed"}, {"Mina Kaur", "2026-03-19", "minak@post.example", "laptop", "yes", "2", "she is left-handed"}},
			{{"Mr. Jo Park", "April 1st, 2026", "jo.park@home.example", "Desktop", "not needed", "just one", "No"}, {"Jo Park", "2026-04-01", "jo.park@home.example", "desktop", "no", "1", "No"}}},
		"rueck": {{{"42-1180", "Webcam HD", "1", "defekt", "ja", "26.2."}, {"42-1180", "Webcam HD", "1", "defekt", "yes", "2026-02-26"}},
			{{"BE 33981", "den USB-Hub (schwarz)", "zwei Stück", "gefällt nicht", "Nein, noch original verpackt", "letzten Mittwoch"}, {"BE 33981", "den USB-Hub (schwarz)", "2", "gefällt nicht", "no", "2026-03-04"}}},
		"stoerung": {{{"Drucker druckt nicht", "seit gestern", "3", "ja, zweimal", "Köln"}, {"Drucker druckt nicht", "2026-03-09", "3", "yes", "Köln"}},
			{{"Outlook stürzt beim Öffnen ab: Fehler 0x80", "02.03.2026", "nur ich", "Ja", "Standort Kassel"}, {"Outlook stürzt beim Öffnen ab: Fehler 0x80", "2026-03-02", "1", "yes", "Kassel"}}},
		"livraison": {{{"FR-2231", "129,90 €", "le 5 mars", "oui", "un échange", "lea@post.example"}, {"FR-2231", "129.9", "2026-03-05", "yes", "échange", "lea@post.example"}},
			{{"n° 88-12", "1 250,00", "hier", "Non, il était intact", "remboursement svp", "lea@post.example"}, {"88-12", "1250", "2026-03-09", "no", "remboursement", "lea@post.example"}}},
	}
	layouts := map[string]func(it []item, attr, greet, end string) (text, htm string){}
	quoteLines := func(it []item, greet, end, mark string, with func(i item) string) string {
		out := mark + greet + "\n" + mark + "\n"
		for _, x := range it {
			out += mark + fmt.Sprintf("%d. %s%s", x.n, x.ask, x.hint) + "\n" + with(x) + mark + "\n"
		}
		return out + mark + end + "\n"
	}
	plain := func(it []item, greet, end string) string {
		return quoteLines(it, greet, end, "> ", func(item) string { return "" })
	}
	add := func(name string, f func(it []item, attr, greet, end string) (string, string)) { layouts[name] = f }
	each := func(it []item, f func(x item) string) string {
		var b strings.Builder
		for _, x := range it {
			b.WriteString(f(x))
		}
		return b.String()
	}
	add("numbered below the quote", func(it []item, attr, greet, end string) (string, string) {
		return attr + "\n" + plain(it, greet, end) + "\n" + each(it, func(x item) string { return fmt.Sprintf("%d. %s\n", x.n, x.a) }), ""
	})
	add("lines below the quote", func(it []item, attr, greet, end string) (string, string) {
		return attr + "\n" + plain(it, greet, end) + "\n" + each(it, func(x item) string { return x.a + "\n" }), ""
	})
	add("numbered above, blank lines", func(it []item, attr, greet, end string) (string, string) {
		return "Hi\n\n" + each(it, func(x item) string { return fmt.Sprintf("%d) %s\n\n", x.n, x.a) }) + "Regards\nPat\n\n" + attr + "\n" + plain(it, greet, end), ""
	})
	add("lines above with iphone", func(it []item, attr, greet, end string) (string, string) {
		return each(it, func(x item) string { return x.a + "\n" }) + "\nSent from my iPhone\n\n" + strings.Replace(attr, "wrote", "wrote", 1) + "\n\n" + plain(it, greet, end), ""
	})
	add("interleaved, marks lost", func(it []item, attr, greet, end string) (string, string) {
		return attr + "\n" + quoteLines(it, greet, end, "", func(x item) string { return x.a + "\n" }), ""
	})
	add("interleaved, marks lost, blank", func(it []item, attr, greet, end string) (string, string) {
		return attr + "\n\n" + quoteLines(it, greet, end, "", func(x item) string { return "\n" + x.a + "\n" }), ""
	})
	add("interleaved, arrows", func(it []item, attr, greet, end string) (string, string) {
		return attr + "\n" + quoteLines(it, greet, end, "> ", func(x item) string { return "--> " + x.a + "\n" }), ""
	})
	add("interleaved, typed with >", func(it []item, attr, greet, end string) (string, string) {
		return attr + "\n" + quoteLines(it, greet, end, "> ", func(x item) string { return "> " + x.a + "\n" }), ""
	})
	add("interleaved, double quote", func(it []item, attr, greet, end string) (string, string) {
		return attr + "\n" + quoteLines(it, greet, end, "> > ", func(x item) string { return "\n" + x.a + "\n\n" }), ""
	})
	add("questions repeated, answer below", func(it []item, attr, greet, end string) (string, string) {
		return each(it, func(x item) string { return fmt.Sprintf("%d. %s%s\n%s\n\n", x.n, x.ask, x.hint, x.a) }) + attr + "\n" + plain(it, greet, end), ""
	})
	add("questions repeated, dash", func(it []item, attr, greet, end string) (string, string) {
		return each(it, func(x item) string { return fmt.Sprintf("%s - %s\n", x.ask, x.a) }) + "\n" + attr + "\n" + plain(it, greet, end), ""
	})
	add("field names", func(it []item, attr, greet, end string) (string, string) {
		return each(it, func(x item) string { return fmt.Sprintf("%s: %s\n", strings.TrimRight(x.ask, " ?"), x.a) }) + "\n" + attr + "\n" + plain(it, greet, end), ""
	})
	add("one line, semicolons", func(it []item, attr, greet, end string) (string, string) {
		var p []string
		for _, x := range it {
			p = append(p, x.a)
		}
		return strings.Join(p, "; ") + "\n\n" + attr + "\n" + plain(it, greet, end), ""
	})
	add("one line, numbers", func(it []item, attr, greet, end string) (string, string) {
		var p []string
		for _, x := range it {
			p = append(p, fmt.Sprintf("%d) %s", x.n, x.a))
		}
		return strings.Join(p, " ") + "\n\n" + attr + "\n" + plain(it, greet, end), ""
	})
	add("one line, numbers with dots and commas", func(it []item, attr, greet, end string) (string, string) {
		var p []string
		for _, x := range it {
			p = append(p, fmt.Sprintf("%d. %s", x.n, x.a))
		}
		return strings.Join(p, ", ") + "\n\n" + attr + "\n" + plain(it, greet, end), ""
	})
	add("trimmed quotes", func(it []item, attr, greet, end string) (string, string) {
		return attr + "\n" + each(it, func(x item) string { return "> " + fmt.Sprintf("%d. %s%s", x.n, x.ask, x.hint) + "\n" + x.a + "\n\n" }), ""
	})
	esc := html.EscapeString
	q5 := func(it []item, greet, end string, with func(x item) string) string {
		return "<p>" + esc(greet) + "</p>" + each(it, func(x item) string { return fmt.Sprintf("<p>%d. %s%s%s</p>", x.n, esc(x.ask), esc(x.hint), with(x)) }) + "<p>" + esc(end) + "</p>"
	}
	none := func(item) string { return "" }
	short := map[string]string{"Which printer is it?": "Model", "How many pages have been printed?": "Pages", "Is it connected by cable?": "Cable", "Since when?": "Since", "Which colour?": "Colour",
		"What is the name of the new colleague?": "Name", "When is the first day?": "First day", "Which private e-mail address can we use until then?": "Private e-mail", "Which device?": "Device", "Is a mobile phone needed?": "Mobile", "How many monitors?": "Monitors", "Anything else we should know?": "Anything else",
		"Wie lautet die Bestellnummer?": "Bestellnummer", "Welchen Artikel möchten Sie zurückgeben?": "Artikel", "Wie viele Stück?": "Stückzahl", "Was ist der Grund?": "Grund", "Haben Sie die Ware schon ausgepackt?": "Ausgepackt", "Wann wurde geliefert?": "Lieferung",
		"Was genau funktioniert nicht?": "Problem", "Seit wann besteht das Problem?": "Seit", "Wie viele Personen sind betroffen?": "Personen", "Haben Sie das Gerät schon neu gestartet?": "Neustart", "An welchem Standort?": "Standort",
		"Quel est votre numéro de commande ?": "Commande", "Quel est le montant de la facture en euros ?": "Montant", "Quand le colis est-il arrivé ?": "Arrivée", "Le carton était-il abîmé ?": "Abîmé", "Que souhaitez-vous ?": "Solution", "À quelle adresse e-mail pouvons-nous vous répondre ?": "Mail"}
	for _, sep := range []string{": ", " ", " - ", "\t", " = ", ":\n", " -> ", ":  ", " … ", "? "} {
		add("labels "+fmt.Sprintf("%q", sep), func(it []item, attr, greet, end string) (string, string) {
			return "Hallo\n\n" + each(it, func(x item) string { return short[x.ask] + sep + x.a + "\n" }) + "\nPat\n\n" + attr + "\n" + plain(it, greet, end), ""
		})
	}
	add("labels in a line", func(it []item, attr, greet, end string) (string, string) {
		var p []string
		for _, x := range it {
			p = append(p, short[x.ask]+": "+x.a)
		}
		return strings.Join(p, ", ") + "\n\n" + attr + "\n" + plain(it, greet, end), ""
	})
	add("labels in a line, no colon", func(it []item, attr, greet, end string) (string, string) {
		var p []string
		for _, x := range it {
			p = append(p, short[x.ask]+" "+x.a)
		}
		return strings.Join(p, ", ") + "\n\n" + attr + "\n" + plain(it, greet, end), ""
	})
	add("labels with numbers", func(it []item, attr, greet, end string) (string, string) {
		return each(it, func(x item) string { return fmt.Sprintf("%d. %s: %s\n", x.n, short[x.ask], x.a) }) + "\n" + attr + "\n" + plain(it, greet, end), ""
	})
	add("labels reversed", func(it []item, attr, greet, end string) (string, string) {
		r := slices.Clone(it)
		slices.Reverse(r)
		return each(r, func(x item) string { return short[x.ask] + ": " + x.a + "\n" }) + "\n" + attr + "\n" + plain(it, greet, end), ""
	})
	add("html: table of labels", func(it []item, attr, greet, end string) (string, string) {
		return "", "<table>" + each(it, func(x item) string {
			return "<tr><td><b>" + esc(short[x.ask]) + "</b></td><td>" + esc(x.a) + "</td></tr>"
		}) + "</table><div class=\"gmail_quote\"><div class=\"gmail_attr\">" + esc(attr) + "</div><blockquote class=\"gmail_quote\">" + q5(it, greet, end, none) + "</blockquote></div>"
	})
	add("html: bold labels", func(it []item, attr, greet, end string) (string, string) {
		return "", each(it, func(x item) string { return "<div><b>" + esc(short[x.ask]) + ":</b> " + esc(x.a) + "</div>" }) + "<div class=\"gmail_quote\"><div class=\"gmail_attr\">" + esc(attr) + "</div><blockquote class=\"gmail_quote\">" + q5(it, greet, end, none) + "</blockquote></div>"
	})
	add("html: table across", func(it []item, attr, greet, end string) (string, string) {
		return "", "<table><tr>" + each(it, func(x item) string { return "<th>" + esc(short[x.ask]) + "</th>" }) + "</tr><tr>" + each(it, func(x item) string { return "<td>" + esc(x.a) + "</td>" }) + "</tr></table><div class=\"gmail_quote\"><div class=\"gmail_attr\">" + esc(attr) + "</div><blockquote class=\"gmail_quote\">" + q5(it, greet, end, none) + "</blockquote></div>"
	})
	add("html: ordered list", func(it []item, attr, greet, end string) (string, string) {
		return "", "<div><ol>" + each(it, func(x item) string { return "<li>" + esc(x.a) + "</li>" }) + "</ol></div><div class=\"gmail_quote\"><div class=\"gmail_attr\">" + esc(attr) + "</div><blockquote class=\"gmail_quote\">" + q5(it, greet, end, none) + "</blockquote></div>"
	})
	add("html: bullets", func(it []item, attr, greet, end string) (string, string) {
		return "", "<div><ul>" + each(it, func(x item) string { return "<li>" + esc(x.a) + "</li>" }) + "</ul></div><div class=\"gmail_quote\"><div class=\"gmail_attr\">" + esc(attr) + "</div><blockquote class=\"gmail_quote\">" + q5(it, greet, end, none) + "</blockquote></div>"
	})
	add("html: table number, answer", func(it []item, attr, greet, end string) (string, string) {
		return "", "<table>" + each(it, func(x item) string { return fmt.Sprintf("<tr><td>%d</td><td>%s</td></tr>", x.n, esc(x.a)) }) + "</table><div class=\"gmail_quote\"><div class=\"gmail_attr\">" + esc(attr) + "</div><blockquote class=\"gmail_quote\">" + q5(it, greet, end, none) + "</blockquote></div>"
	})
	add("html: table number, question, answer", func(it []item, attr, greet, end string) (string, string) {
		return "", "<table><tr><th>Nr</th><th>?</th><th>!</th></tr>" + each(it, func(x item) string {
			return fmt.Sprintf("<tr><td>%d</td><td>%s</td><td>%s</td></tr>", x.n, esc(x.ask), esc(x.a))
		}) + "</table><div class=\"gmail_quote\"><div class=\"gmail_attr\">" + esc(attr) + "</div><blockquote class=\"gmail_quote\">" + q5(it, greet, end, none) + "</blockquote></div>"
	})
	add("html: table question, answer", func(it []item, attr, greet, end string) (string, string) {
		return "", "<table>" + each(it, func(x item) string {
			return fmt.Sprintf("<tr><td>%s%s</td><td>%s</td></tr>", esc(x.ask), esc(x.hint), esc(x.a))
		}) + "</table><div class=\"gmail_quote\"><div class=\"gmail_attr\">" + esc(attr) + "</div><blockquote class=\"gmail_quote\">" + q5(it, greet, end, none) + "</blockquote></div>"
	})
	add("html: coloured beside, in the blockquote", func(it []item, attr, greet, end string) (string, string) {
		return "", "<div>See below</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">" + esc(attr) + "</div><blockquote class=\"gmail_quote\">" + q5(it, greet, end, func(x item) string { return " <span style=\"color:red\">" + esc(x.a) + "</span>" }) + "</blockquote></div>"
	})
	add("html: bold on a new line, in the blockquote", func(it []item, attr, greet, end string) (string, string) {
		return "", "<div>My answers are in bold.</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">" + esc(attr) + "</div><blockquote class=\"gmail_quote\">" + q5(it, greet, end, func(x item) string { return "<br><b>" + esc(x.a) + "</b>" }) + "</blockquote></div>"
	})
	add("html: highlighted, in the blockquote", func(it []item, attr, greet, end string) (string, string) {
		return "", "<div class=\"gmail_quote\"><div class=\"gmail_attr\">" + esc(attr) + "</div><blockquote class=\"gmail_quote\">" + q5(it, greet, end, func(x item) string { return "</p><p style=\"background:yellow\">" + esc(x.a) }) + "</blockquote></div>"
	})
	add("html: Outlook, black, between", func(it []item, attr, greet, end string) (string, string) {
		return "", "<div class=WordSection1><p class=MsoNormal>Hello, see below</p><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p class=MsoNormal><b>From:</b> Acme Support &lt;support@acme.example&gt;<br><b>Sent:</b> Tuesday, March 10, 2026 9:14 AM<br><b>To:</b> Pat Poe<br><b>Subject:</b> [#1] X</p></div>" + q5(it, greet, end, func(x item) string { return "</p><p class=MsoNormal>" + esc(x.a) }) + "</div>"
	})
	add("html: Outlook, numbered on top", func(it []item, attr, greet, end string) (string, string) {
		return "", "<div class=WordSection1>" + each(it, func(x item) string {
			return fmt.Sprintf("<p class=MsoListParagraph><span>%d.<span>&nbsp;&nbsp; </span></span>%s</p>", x.n, esc(x.a))
		}) + "<div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p class=MsoNormal><b>From:</b> Acme Support &lt;support@acme.example&gt;<br><b>Sent:</b> Tuesday, March 10, 2026 9:14 AM<br><b>To:</b> Pat Poe<br><b>Subject:</b> [#1] X</p></div>" + q5(it, greet, end, none) + "</div>"
	})
	names := []string{}
	for n := range layouts {
		names = append(names, n)
	}
	slices.Sort(names)
	total, good := 0, 0
	for _, name := range names {
		ok, all, notes := 0, 0, []string{}
		for _, fn := range []string{"printer", "starter", "rueck", "stoerung", "livraison"} {
			form := forms.Form(fn)
			lang := languages[fn]
			for _, set := range sets[fn] {
				var it []item
				for i := range form.Questions {
					q := &form.Questions[i]
					it = append(it, item{i + 1, q.Ask.In(lang, "en"), hintOf(q, lang), set[0][i]})
				}
				attr, greet, end := "On Tue, 10 Mar 2026 at 09:27, Acme Support <support@acme.example> wrote:", "Hello Pat,\n> \n> To help you, we need to know a little more.", "Kind regards\n> Acme Support"
				if lang == "de" {
					attr, greet, end = "Am Di., 10. März 2026 um 09:41 Uhr schrieb Acme Support <support@acme.example>:", "Guten Tag Pat Poe,", "Freundliche Grüße"
				}
				if lang == "fr" {
					attr, greet, end = "Le mar. 10 mars 2026 à 09:41, Acme Support <support@acme.example> a écrit :", "Bonjour Pat Poe,", "Cordialement"
				}
				if lang == "en" {
					greet, end = "Hello Pat,", "Kind regards, Acme Support"
				}
				text, htm := layouts[name](it, attr, greet, end)
				kind, body := "text/plain", text
				if htm != "" {
					kind, body = "text/html", "<html><body>"+htm+"</body></html>"
				}
				raw := "From: Pat Poe <pat@customer.example>\r\nTo: support@acme.example\r\nSubject: Re: [#1] X\r\nDate: Tue, 10 Mar 2026 14:00:00 +0000\r\nMessage-ID: <1@customer.example>\r\nIn-Reply-To: <2@acme.example>\r\nMIME-Version: 1.0\r\nContent-Type: " + kind + "; charset=utf-8\r\n\r\n" + body + "\n"
				m := read.Mail([]byte(raw), read.Options{})
				var open []int
				for i := range form.Questions {
					open = append(open, i)
				}
				got := answers.Read(form, open, m, answers.When{Now: m.Date, Language: lang, Sent: sentAs(t, desk, form, lang, m.Subject)})
				var f []string
				for i := range form.Questions {
					q := &form.Questions[i]
					v, found := got.Values[q.Name]
					switch {
					case !found && nothing(q, set[1][i]):
					case !found:
						f = append(f, q.Name+" missing")
					case !same(q, set[1][i], v):
						t.Errorf("%s, %s: %s is read as %q, want %q", name, fn, q.Name, v, set[1][i])
						f = append(f, q.Name+" wrong")
					}
				}
				all++
				if len(f) == 0 {
					ok++
				} else {
					notes = append(notes, fn+": "+strings.Join(f, "; "))
				}
			}
		}
		total, good = total+all, good+ok
		if ok < all {
			t.Logf("%d of %d: %s\n      %s", ok, all, name, strings.Join(notes, "\n      "))
		}
	}
	t.Logf("%d of %d are read right", good, total)
	if good < leastLayouts {
		t.Errorf("%d of %d are read right, want at least %d", good, total, leastLayouts)
	}
}

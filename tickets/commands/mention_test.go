package commands

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// What a held mail may become when its writer answers /send, and which lines are never text for anybody outside.
func TestOnSend(t *testing.T) {
	enabled := []Name{Note, Take, Close, Status, Tag, Public}
	for text, want := range map[string]string{
		"The fuser is new.": "text [] The fuser is new.",
		"":                  "nothing [] ",
		"Jane Doe\nAcme Support | jane@acme.example": "nothing [] Jane Doe\nAcme Support | jane@acme.example",
		// a command that is wrong
		"/undo":                          "nothing [1] ",
		"/undo\n\nDear Jim":              "nothing [1] Dear Jim",
		"/takke\n\nDear Jim":             "nothing [1] Dear Jim",
		"/uebernehmen\n\nDear Jim":       "nothing [1] Dear Jim",
		"/vendor globex\n\nIs it yours?": "nothing [1] Is it yours?",
		"/status great\n\nDear Jim":      "nothing [1] Dear Jim",
		"/take /close\n\nDear Jim":       "nothing [1] Dear Jim",
		"Dear Jim\n/close":               "nothing [2] Dear Jim",
		"Dear Jim\n\n- #close.\n\nBye":   "nothing [3] Dear Jim\n\n\nBye",
		"/close\n/reopen\n\nDear Jim":    "nothing [2] Dear Jim",
		// what only looks like one
		"/etc/hosts is wrong":     "text [] /etc/hosts is wrong",
		"@anna knows it, ask her": "text [] @anna knows it, ask her",
		"Note: we close at noon.": "text [] Note: we close at noon.",
		"/take\n\nI will call.":   "text [] I will call.",
		"/take":                   "text [] ",
		// a note, wherever it stands, becomes a note
		"/note he never pays":                    "note [1] he never pays",
		"Hi Bob, /note, he never pays":           "note [1] Hi Bob, /note, he never pays",
		"Dear Jim\n/note he never pays":          "note [2] Dear Jim\n/note he never pays",
		"Dear Jim\n\nsee below (/note: careful)": "note [3] Dear Jim\n\nsee below (/note: careful)",
		"/noet he never pays":                    "note [1] /noet he never pays",
		"/take /note he never pays":              "note [1] /take /note he never pays",
		"/close\nDear Jim\n／ｎｏｔｅ he never pays":  "note [3] Dear Jim\n／ｎｏｔｅ he never pays",
		"/note": "nothing [] ",
	} {
		o := desk()
		o.Enabled = enabled
		r := Parse(text, o)
		if got := fmt.Sprintf("%s %v %s", r.OnSend(), r.Unsafe, r.AsTyped); got != want {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
	}
}

// A line with a command never leaves as text, whatever stands around it.
func TestUnsafeLinesAreNoText(t *testing.T) {
	commands := []string{"/note", "/NOTE", "/ note", "/noted", "#note", "/vendor acme", "/undo", "/undoo", "/close", "**/close**", "- /close", "\\close", "/escalate he is mad", "/take /close"}
	for _, c := range commands {
		for _, frame := range []string{"%s\n\nDear Jim", "Dear Jim\n%s", "Dear Jim\n\n%s\n\nBye", "/take\n%s\nDear Jim", "> quoted\n%s\nDear Jim"} {
			o := desk()
			o.Enabled = []Name{Note, Take}
			r := Parse(fmt.Sprintf(frame, c), o)
			if r.OnSend() == SendsText && strings.Contains(r.AsTyped, c) {
				t.Errorf(frame+": may be sent as text: %q", c, r.AsTyped)
			}
			if r.OnSend() != SendsNote && strings.Contains(r.AsTyped, c) {
				t.Errorf(frame+": %s, and still in the text: %q", c, r.OnSend(), r.AsTyped)
			}
		}
	}
}

func TestMentioned(t *testing.T) {
	for line, want := range map[string]Name{
		"Hi Bob, /note, he never pays":    Note,
		"he never pays (/note)":           Note,
		"Hi／note he never pays":           "",
		"Hi ／note he never pays":          Note,
		"Thanks. /Note: he never pays":    Note,
		"ask them /vendor acme please":    Vendor,
		"and then /publish it":            Publish,
		"run ipconfig /release":           "",
		"copy it to /vendor/lib":          "",
		"see https://acme.example/note":   "",
		"see acme.example/note for more":  "",
		"either/note or letter":           "",
		"a note for you":                  "",
		"#note and @note are other words": "",
		"the option --x=/note":            "",
		"/notebook is a folder":           "",
	} {
		if got := mentioned(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func TestLikeNote(t *testing.T) {
	for _, text := range []string{
		"Note: he never pays", "NOTE:\nhe never pays", "note\n\nhe never pays", "(note) he never pays", "[note] he never pays", "[Note]\nhe never pays", "!note he never pays", "**Note** he never pays", "**Note:** he never pays",
		"note - he never pays", "Note – he never pays", "\\\\ note he never pays", ".note he never pays", "Internal: he never pays", "(internal) he never pays", "Internal note: he never pays", "{internal}\nhe never pays", "> quoted\n\nNote: he never pays",
		"Notiz: er zahlt nie", "(intern) er zahlt nie", "Interner Vermerk: er zahlt nie", "Note interne : il ne paie jamais", "Nota interna: no paga nunca", "Nota: non paga mai", "Notitie: hij betaalt nooit", "Internt: han betalar aldrig",
		"Notatka: nigdy nie płaci", "Poznámka: nikdy neplatí", "Заметка: он не платит", "メモ：払わない人です", "备注：他从不付款", "/take\nNote: he never pays", "<note> he never pays", "+note he never pays",
		"메모: 돈을 안 냅니다", "ملاحظة داخلية: لا يدفع أبدا", "הערה פנימית: הוא לא משלם", "Σημείωση: δεν πληρώνει", "Belső megjegyzés: sosem fizet", "Internt notat: han betaler aldri", "Нотатка: він не платить",
		"Notă internă: nu plătește", "Ghi chú nội bộ: không bao giờ trả", "หมายเหตุภายใน: ไม่เคยจ่าย", "Catatan internal: tidak pernah bayar", "Märkus: ta ei maksa", "नोट: वह भुगतान नहीं करता", "Նշում՝ երբեք չի վճարում",
		"note for bob: he never pays", "Note for Anna Berg - he never pays", "Notiz für das Team: er zahlt nie", "Nota para el equipo: no paga nunca", "Note pour l'équipe : il ne paie jamais", "Nota per i colleghi: non paga mai",
		"Заметка для Ивана: он не платит", "Notatka dla Jana: nigdy nie płaci", "Note to self: he never pays", "Internal note for Mac users: he never pays", "Interne Notiz für Kunden: er zahlt nie", "note for @bob\nhe never pays", "Note for Bob\n\nhe never pays",
		"Note for accounting: he never pays", "Note to finance: he never pays", "Note for the record: he never pays", "Note for the boss: he never pays",
		"Note for your eyes only: he never pays", "Note for the customer file: he never pays", "Notiz für die Buchhaltung: zahlt nie", "Notiz für die Akte: zahlt nie",
		"Note pour la compta : il ne paie jamais", "Nota para contabilidad: no paga nunca", "Notitie voor de boekhouding: betaalt nooit",
		"Note for Bob: he never pays", "note to the team - he never pays", "Notiz an Bob: er zahlt nie", "Internal note (do not send): he never pays", "[INTERNAL] he never pays", "INTERNAL!!! he never pays",
		"🔒 internal - he never pays", "📝 Note: he never pays", "・note he never pays", "~note he never pays", "「内部」 払わない", "Entre nous : il ne paie jamais", "Nur unter uns: er zahlt nie", "Hinweis für die Kollegen: er zahlt nie", "Memo: he never pays",
	} {
		r := Parse(text, desk())
		if !slices.ContainsFunc(r.Doubts, func(d Doubt) bool { return d.Reason == LikeNote && d.Nearest == "/note" }) {
			t.Errorf("%q is not doubted: %s", text, tell(r))
		}
	}
	for _, text := range []string{
		"Note that we close at noon.", "Notes are attached.", "Internal error 500 is fixed.", "Please note: we close at noon.", "Dear Jim,\n\nNote: we close at noon.", "/note\nNote: he never pays", "/public\n\nNote: we close at noon.",
		"Intern gesehen ist das ein Fehler.", "Nota bene comes next.", "The note is attached.", "(notebook) it is", "Hinweis: Wir schließen um zwölf.",
		"Notes for installation: use the blue cable.", "Note for Mac users: press Cmd.", "Nota para usuarios de Mac: pulse Cmd.", "Note for Windows Users: press F1.", "Notes for Administrators:\nrestart it.",
		"Hinweis für Mac-Nutzer: F1 drücken.", "Notiz für Kunden: wir schließen um zwölf.", "Note pour les utilisateurs de Mac : appuyez sur F1.", "Nota per gli utenti: premere F1.", "Nota para clientes:\ncerramos.",
		"Notitie voor gebruikers: druk op F1.", "Примечание для пользователей: нажмите F1.", "Note for your team: we close at noon.", "Notes for the update to 2.0 - please read", "Note to customers - we close at noon.",
		"Note for later use the blue cable.", "Unter uns ist ein Techniker.", "👍 Notes are attached.", "Internal (error 500) is fixed.", "Memory: 8 GB", "Between us and the vendor: nothing is lost.",
	} {
		if r := Parse(text, desk()); len(r.Doubts) > 0 {
			t.Errorf("%q is doubted: %s", text, tell(r))
		}
	}
}

// A whole command in the subject was meant, and is not read. What the subject of the notice holds, or is no command, was not.
func TestInSubject(t *testing.T) {
	for _, c := range []struct{ subject, answered, want string }{
		{"Re: [#12] Printer /note", "[#12] Printer", "/note"},
		{"/close Re: [#12] Printer", "[#12] Printer", ""},
		{"RE: [#12] Printer (/close)", "[#12] Printer", "/close"},
		{"Re: [#12] Printer ／Ｎｏｔｅ", "[#12] Printer", "/note"},
		{"/note he never pays", "", "/note"},
		{"/priority high", "", "/priority"},
		{"/priority great", "", ""},
		{"Re: [#12] what is /note", "[#12] what is /note", ""},
		{"Re: [#12] AC/close", "[#12] AC/close", ""},
		{"Re: [#12] Pump/close", "[#12] Pump", ""},
		{"Re: [#12] http://acme.example/close", "[#12] link", ""},
		{"Re: [#12] #close", "[#12]", ""},
		{"Re: [#12] /closed/", "[#12]", ""},
		{"Re: [#12] Printer", "[#12] Printer", ""},
	} {
		got := ""
		for _, d := range InSubject(c.subject, c.answered, desk()) {
			if d.Reason != InTheSubject {
				t.Errorf("%q: %v", c.subject, d)
			}
			got = d.Nearest
		}
		if got != c.want {
			t.Errorf("%q answering %q: %q, wanted %q", c.subject, c.answered, got, c.want)
		}
	}
}

// A subject may be as long as a mail, and anybody can send one: its beginning alone is looked at.
func TestAHostileSubject(t *testing.T) {
	for _, row := range []string{"/ ", "/", "／ ", "/_", "/ #", "/ *", "(/", "/ @ ", "/note_", "/ /note x ", "\u200b/\u00a0"} {
		began := time.Now()
		InSubject(strings.Repeat(row, 1<<20/len(row)), "", desk())
		InSubject(strings.Repeat("/ ", 1<<15)+strings.Repeat("(", 1<<20), strings.Repeat(row, 1<<10), desk())
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%q, repeated: %s", row, took)
		}
	}
	for _, c := range []struct{ subject, want string }{
		{strings.Repeat("/ ", 10) + "Printer /note", "/note"},
		{strings.Repeat("ü", 300) + " /note", "/note"},
		{strings.Repeat("x", 999) + "ü /note", ""},
		{strings.Repeat("x/x ", 21) + "/note", ""},
	} {
		got := ""
		for _, d := range InSubject(c.subject, "", desk()) {
			got = d.Nearest
		}
		if got != c.want {
			t.Errorf("%.20q: %q, wanted %q", c.subject, got, c.want)
		}
	}
}

func TestHidden(t *testing.T) {
	notice := "Your reply goes to Jim Fox. Begin it with /note if it should stay\n/help lists the commands.\n/note if you like\n\n/note\n\nhe is slow"
	for _, c := range []struct {
		part, answered string
		want           string
	}{
		{"> /note\n> he never pays", "", "/note"},
		{"> /note", "some other notice", "/note"},
		{"> /note he never pays", "some other notice", "/note"},
		{"> /note if you like", notice, ""},
		{"> /note if you like", "", ""}, // perhaps a hint
		{"> /help lists the commands.", "", ""},
		{"> /help", "", "/help"},
		{"> /note", notice, ""}, // it stood in the mail that was held
		{"/note", "Begin it with /note if it should stay", "/note"},
		{"> /note?)", "(did you mean /note?)", ""},
		{"Jane Doe\n/close\nRoom 12", "", "/close"},
		{"> > /vendor acme", "", "/vendor"},
		{"> /close it, will you?", "", ""},
		{"> /usr/bin is full", "", ""},
		{"(/note)", "", "/note"},
		{"Jane Doe\n/5 Harbour Street", "", ""},
	} {
		got := ""
		for _, d := range Hidden(c.part, c.answered, desk()) {
			got = d.Nearest
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.part, got, c.want)
		}
	}
}

func TestCommandsBelowAQuote(t *testing.T) {
	check(t, desk(), []parseCase{
		{"> Is it new?\n\n/take\n\nYes.", "take me | > Is it new?⏎⏎Yes. | "},
		{"> Is it new?\n\n/note\nhe asks too much", "note | (note) > Is it new?⏎he asks too much | "},
		{"> Is it new?\n\nYes.\n/take", " | > Is it new?⏎⏎Yes.⏎/take | 4 below-text /take"},
	})
}

func TestNeedsTicket(t *testing.T) {
	for text, want := range map[string]Name{"/help": "", "/help\n/help": "", "/list mine": "", "/take": Take, "/help\n/take": Take, "/close 12": "", "/close 12\n/solve": Solve, "/assign ann #12": "", "": ""} {
		r := Parse(text, desk())
		var got Name
		if c := r.NeedsTicket(); c != nil {
			got = c.Name
		}
		if got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// A sign before a word for "note" is meant for /note: it becomes a note and nothing else; one before a name is text, if its writer says so.
func TestASignBeforeAWordForNote(t *testing.T) {
	for _, word := range []string{"/internal", "#internal", "@private", "@privat", "#intenral", "/intern", "#interne", "@notiz", "/interno", "#notatka", "@メモ"} {
		r := Parse(word+"\nHe never pays.", Options{})
		if len(r.Doubts) == 0 || r.Doubts[0].Nearest != "/note" || r.OnSend() != SendsNote {
			t.Errorf("%s: doubts %v, and /send sends %s", word, r.Doubts, r.OnSend())
		}
	}
	for _, word := range []string{"@bob", "@Nora", "@Petra"} {
		if r := Parse(word+" has mended it.\nPlease try again.", Options{}); r.OnSend() != SendsText {
			t.Errorf("%s: doubts %v, and /send sends %s", word, r.Doubts, r.OnSend())
		}
	}
}

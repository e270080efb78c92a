package phrase

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// said returns every text that a program file says, with where it does.
func said(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, root := range []string{"..", "../../cmd"} {
		if err := saidBelow(t, root, out); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func saidBelow(t *testing.T, root string, out map[string]string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		// The go command remembers a test's result as long as the files that the test itself looked at are the same.
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, text, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Say" || !isPackage(sel.X) {
				return true
			}
			literal, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: a text has to stand in the program as a literal", set.Position(call.Pos()))
				return true
			}
			words, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			out[words] = set.Position(call.Pos()).String()
			return true
		})
		return nil
	})
}

func isPackage(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "phrase"
}

// Every text that the desk says is there in every language of the mails; nothing is there that it does not say.
func TestTranslationsAreWhole(t *testing.T) {
	texts := said(t)
	if len(texts) < 50 {
		t.Fatalf("only %d texts were found: the test has lost the program", len(texts))
	}
	for _, language := range []string{"de", "es", "fr", "it", "nl"} {
		words := builtinWords(language)
		for text, place := range texts {
			if words[text] == "" {
				t.Errorf("%s: %q is not there in %s", place, text, language)
			}
		}
		for text := range words {
			if texts[text] == "" {
				t.Errorf("%s has %q, which nobody says", language, text)
			}
		}
	}
}

func TestText(t *testing.T) {
	b, faults := Load([]File{{Name: "templates/phrases.de.txt", Text: "# ours\n\nIt is yours.\nDas ist jetzt Ihres.\n\n%s has it now.\nJetzt bei %s.\n"}}, "")
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	cet := time.FixedZone("CET", 3600)
	monday := time.Date(2026, 12, 7, 9, 0, 0, 0, cet)
	for _, c := range []struct {
		text           Text
		language, want string
	}{
		{Say("It is yours."), "en", "It is yours."},
		{Say("It is yours."), "", "It is yours."},
		{Say("It is yours."), "sv", "It is yours."},
		{Say("It is yours."), "fr", "Le ticket est à vous."},
		{Say("It is yours."), "de", "Das ist jetzt Ihres."},
		{Say("It is yours."), "de-AT", "Das ist jetzt Ihres."},
		{Say("%s has it now.", "Ann"), "DE", "Jetzt bei Ann."},
		{Say("A mail came in your name, but %s.", Say("the domain has signed it")), "de", "Eine Mail kam in Ihrem Namen, aber die Domain hat sie signiert."},
		{Say("%s is away until %s.", "Ann", Moment{At: monday, Now: monday, Location: cet}), "de", "Ann ist bis Montag, 7. Dezember, 09:00\u00a0Uhr\u00a0MEZ abwesend."},
		{Say("%s is away until %s.", "Ann", Moment{At: monday, DayAlone: true}), "en", "Ann is away until Monday 7 December 2026."},
		{Say("%s, was %s.", Status("on-hold"), Status("pending")), "de", "Jetzt ruhend, vorher wartend."},
		{Say("%s, was %s.", Status("on-hold"), Status("pending")), "en", "on-hold, was pending."},
		{Say("%s, was %s.", Priority("high"), Priority("VIP")), "de-AT", "Jetzt hoch, vorher VIP."},
		{Say("It was %s already.", Status("solved")), "sv", "It was solved already."},
		{Verbatim("100 % %s"), "de", "100 % %s"},
		{Text{}, "de", ""},
	} {
		if got := b.Text(c.text, c.language); got != c.want {
			t.Errorf("%q in %q: %q, wanted %q", c.text.format, c.language, got, c.want)
		}
	}
	if got := b.Texts([]Text{{}, Say("No"), Verbatim("")}, "de"); len(got) != 1 || got[0] != "Nein" {
		t.Errorf("of texts that say nothing: %q", got)
	}
}

// A reader of a language without words reads the desk's, in sentences as in the mail around them.
func TestALanguageWithoutWords(t *testing.T) {
	b, faults := Load([]File{{Name: "templates/phrases.fi.txt", Text: "No\nEi\n"}}, "de")
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"sv": "Jetzt hoch, vorher normal.", "sv-FI": "Jetzt hoch, vorher normal.", "en": "high, was normal.",
		"en-GB": "high, was normal.", "nl": "Nu hoog, eerst normaal.", "": "high, was normal."} {
		if got := b.Text(Say("%s, was %s.", Priority("high"), Priority("normal")), language); got != want {
			t.Errorf("in %q: %q, want %q", language, got, want)
		}
	}
	if got := b.Text(Say("No"), "fi"); got != "Ei" {
		t.Errorf("an admin's own language: %q", got)
	}
}

// What was recorded in English is told in the reader's language; the parts of it that nobody of the desk said stay.
func TestRecall(t *testing.T) {
	b, faults := Load(nil, "")
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	known := []Text{Say("rule %q: %s"), Say("the sender is blocked"), Say("it comes from %s, which is not an address of %s")}
	for _, c := range []struct{ recorded, language, want string }{
		{"the sender is blocked", "de", "der Absender ist gesperrt"},
		{"the sender is blocked", "en", "the sender is blocked"},
		{"the sender is blocked", "sv", "the sender is blocked"},
		{"the sender is blocked.", "de", "the sender is blocked."},
		{`rule "adverts": no %s, 100 % junk: out`, "de", `Regel "adverts": no %s, 100 % junk: out`},
		{"it comes from a@b.example, which is not an address of Ann", "de", "sie kommt von a@b.example, und das ist keine Adresse von Ann"},
		{"X-Spam-Flag: YES", "de", "X-Spam-Flag: YES"},
		{"", "de", ""},
	} {
		if got := b.Recall(c.recorded, c.language, known); got != c.want {
			t.Errorf("%q in %s: %q, want %q", c.recorded, c.language, got, c.want)
		}
	}
}

func TestFaultsOfPhrases(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"templates/phrases.txt", "No\nNein\n", []string{"a file of phrases is called phrases.LANGUAGE.txt"}},
		{"templates/phrases.german.txt", "No\nNein\n", []string{"a file of phrases is called phrases.LANGUAGE.txt"}},
		{"templates/phrases.de.txt", "No\nNein\n\nIt is yours.\n\n# end\n", []string{`templates/phrases.de.txt:4:1: "It is yours." has no translation below it`}},
		{"templates/phrases.de.txt", "No", []string{`templates/phrases.de.txt:1:1: "No" has no translation below it`}},
		{"templates/phrases.de.txt", "%s has it now.\nNiemand hat es.\n", []string{
			`templates/phrases.de.txt:2:1: "%s has it now." and its translation do not have the same placeholders in the same order (%s)`}},
		{"templates/phrases.de.txt", "It is yours.\nZu 100 % Ihres.\n", []string{`templates/phrases.de.txt:2:1: a % in the translation of "It is yours." is no placeholder`}},
		{"templates/phrases.de.txt", "It is yours.\nIhres.\nIt is yours.\nDeins.\n", []string{`templates/phrases.de.txt:3:1: "It is yours." stands in line 1 already`}},
		// What follows a fault is read all the same.
		{"templates/phrases.de.txt", "It is your.\nIhres.\n\nThis is said nowhere, and by nobody at all.\nNirgends.\n\nNo\n\n", []string{
			`templates/phrases.de.txt:1:1: the desk does not say "It is your." (did you mean "It is yours."?)`,
			`templates/phrases.de.txt:4:1: the desk does not say "This is said nowhere, and by nobody at all." (the English line is what the desk says, to the letter)`,
			`templates/phrases.de.txt:7:1: "No" has no translation below it`}},
	} {
		b, faults := Load([]File{{Name: c.name, Text: c.text}}, "")
		if b != nil || len(faults) != len(c.want) {
			t.Errorf("%q: %v, wanted %q", c.text, faults, c.want)
			continue
		}
		for i, want := range c.want {
			if got := faults[i].Error(); !strings.Contains(got, want) {
				t.Errorf("%q: %s, wanted %s", c.text, got, want)
			}
		}
	}
}

// What an admin is shown to begin with is a file of phrases itself, in any language.
func TestSourceIsAFileOfPhrases(t *testing.T) {
	own := File{Name: "templates/phrases.de.txt", Text: "\ufeffIt is yours.\r\nDas ist jetzt Ihres.\r\n"}
	b, faults := Load([]File{own}, "")
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"de": "Das ist jetzt Ihres.", "de-AT": "Das ist jetzt Ihres.", "fr": "Le ticket est à vous.", "sv": "It is yours.", "en": "It is yours."} {
		text := b.Source(language)
		again, faults := Load([]File{{Name: "templates/phrases." + language + ".txt", Text: text}}, "")
		if err := faults.Err(); err != nil {
			t.Errorf("%s: %v", language, err)
			continue
		}
		if got := again.Text(Say("It is yours."), language); got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	for want, names := range map[string][]string{
		"":                          nil,
		"Muster, Max":               {"Muster, Max"},
		`"Muster, Max", Jane Doe`:   {"Muster, Max", "Jane Doe"},
		`"Muster, Max", Jane (new)`: {`"Muster, Max"`, "Jane (new)"},
	} {
		if got := Names(names); got != want {
			t.Errorf("%q: %s, want %s", names, got, want)
		}
	}
}

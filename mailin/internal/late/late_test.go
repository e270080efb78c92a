package late

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// TestEveryPatternCompiles reads the sources: a pattern that is wrong must not wait for the mail
// that needs it.
func TestEveryPatternCompiles(t *testing.T) {
	all := patterns(t)
	for at, expr := range all {
		if _, err := regexp.Compile(inAllScripts(at, expr)); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
	if len(all) < 50 {
		t.Errorf("only %d patterns were found", len(all))
	}
}

// TestHintsHoldInEveryMatch makes matches of every pattern there is: a text that holds one must
// never be passed over.
func TestHintsHoldInEveryMatch(t *testing.T) {
	known, words := 0, 0
	for at, expr := range patterns(t) {
		h := hintOf(expr)
		if h == nil {
			continue
		}
		known, words = known+1, words+len(h)
		match, stems := rapid.StringMatching(inAllScripts(at, expr)), h.stems()
		t.Run(at, func(t *testing.T) {
			for seed := range 60 {
				if s := match.Example(seed); !mayHold(s, stems) {
					t.Fatalf("%q holds none of %q", s, h)
				}
			}
		})
	}
	if t.Logf("%d patterns with %d words", known, words); known < 40 {
		t.Errorf("of only %d patterns words are known", known)
	}
}

func TestHint(t *testing.T) {
	for expr, want := range map[string]hint{
		`(?i)thanks? for (?:your|the) mail`:        {"thank for the mail", "thank for your mail", "thanks for the mail", "thanks for your mail"},
		`(?i)(?:gelesen|geöffnet)\b[^\n]{0,60}`:    {"gelesen", "geöffnet"},
		`a.{0,3}longer`:                            {"longer"},
		`(?i)\bhabe(?:n)? wir[^.\n]{0,40}erhalten`: {"erhalten"},
		`(?:ab|abcdef)`:                            nil,
		`(?:abcdef)?`:                              nil,
		`(?:abcdef)*x`:                             nil,
		`(?:abcdef|[a-z]+)`:                        nil,
		`(?i)απαντήσεις`:                           {"απαντή"},
		`(?:abc){2,3}`:                             {"abc"},
		`[abc]defg`:                                {"adefg", "bdefg", "cdefg"},
		`(?i)` + "\u212a" + `elvin`:                {"kelvin"},
	} {
		if got := hintOf(expr); !slices.Equal(got, want) {
			t.Errorf("%s: %q, wanted %q", expr, got, want)
		}
	}
}

// TestVariants: letters that have small forms beside the common one.
func TestVariants(t *testing.T) {
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if unicode.ToLower(r) != r || twoForms(r) {
			continue
		}
		for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
			if unicode.ToLower(o) != r && !slices.Contains(variants, string(r)) && !slices.Contains(variants, string(unicode.ToLower(o))) {
				t.Errorf("%c %U and %c %U are the same letter", r, r, o, o)
			}
		}
	}
	filler := strings.Repeat("x", shortText)
	for _, p := range []*Pattern{Compile(`(?i)missing`), Compile(`(?i)βιβλίο`)} {
		for _, s := range []string{"Mi\u017fsing", "MISSING", "\u03d0ιβλίο", "ΒΙΒΛΊΟ"} {
			if want := p.main.compiled().MatchString(s); p.MatchString(filler+s) != want {
				t.Errorf("%q is not found in %q, or is: wanted %v", p, s, want)
			}
		}
	}
}

// TestEndsOfWords: letters and figures of all scripts are within words, the signs of common ones
// between them.
func TestEndsOfWords(t *testing.T) {
	end, within := regexp.MustCompile(`(?i)^q`+letters.Replace(`\b`)+`q`), regexp.MustCompile(`(?i)^`+letters.Replace(`\w`)+`$`)
	common := &unicode.RangeTable{R16: []unicode.Range16{
		{0, 0x24F, 1}, {0x300, 0x36F, 1}, {0x55A, 0x55F, 1}, {0x5BE, 0x5C6, 1}, {0x60C, 0x61F, 1}, {0x964, 0x965, 1}, {0x2000, 0x206F, 1},
		{0x20A0, 0x20C0, 1}, {0x2190, 0x23FF, 1}, {0x2600, 0x2764, 1}, {0x3000, 0x3003, 1},
		{0x3008, 0x3020, 1}, {0xFE00, 0xFE6B, 1}, {0xFF01, 0xFF65, 1},
	}, R32: []unicode.Range32{{0x1F300, 0x1F9FF, 1}}}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		s := string(r)
		ends, holds := end.MatchString("q"+s+"q"), within.MatchString(s)
		switch {
		case unicode.In(r, unicode.L, unicode.N):
			if ends || !holds {
				t.Errorf("%U %s ends a word", r, s)
			}
		case unicode.Is(common, r) && (!ends || holds && r != '_'):
			t.Errorf("%U %s does not end a word", r, s)
		}
	}
}

// inAllScripts returns the expression that is compiled, of a list or of a pattern.
func inAllScripts(at, expr string) string {
	if strings.Contains(at, ".txt") {
		return letters.Replace(expr)
	}
	return expr
}

// patterns returns all that are compiled late, by the place where they stand.
func patterns(t *testing.T) map[string]string {
	t.Helper()
	files := token.NewFileSet()
	byDir, all := map[string][]*ast.File{}, map[string]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
			return err
		case filepath.Base(filepath.Dir(path)) == "words":
			list, err := os.ReadFile(path)
			all[path+" in English"] = joined(string(list), func(language string) bool { return language == "en" })
			all[path] = joined(string(list), func(language string) bool { return language != "en" })
			return err
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(files, path, nil, 0)
		if err == nil {
			byDir[filepath.Dir(path)] = append(byDir[filepath.Dir(path)], f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, fs := range byDir {
		// Without what they import the packages are full of errors, but constants have their values.
		info := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
		conf := types.Config{Error: func(error) {}}
		conf.Check(dir, files, fs, &info)
		for _, f := range fs {
			ast.Inspect(f, func(node ast.Node) bool {
				call, ok := node.(*ast.CallExpr)
				if !ok || len(call.Args) != 1 {
					return true
				}
				if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Compile" || !isPackage(sel.X, "late") {
					return true
				}
				value := info.Types[call.Args[0]].Value
				if value == nil || value.Kind() != constant.String {
					t.Errorf("%s: the pattern is no constant", files.Position(call.Pos()))
					return true
				}
				all[files.Position(call.Pos()).String()] = constant.StringVal(value)
				return true
			})
		}
	}
	return all
}

func isPackage(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == name
}

func TestPattern(t *testing.T) {
	p := Compile(`([a-z])(\d)`)
	const s = "a1 b2"
	want := regexp.MustCompile(`([a-z])(\d)`)
	for name, same := range map[string]bool{
		"MatchString":      p.MatchString(s) == want.MatchString(s),
		"FindString":       p.FindString(s) == want.FindString(s),
		"ReplaceAllString": p.ReplaceAllString(s, "$2") == want.ReplaceAllString(s, "$2"),
	} {
		if !same {
			t.Errorf("%s differs", name)
		}
	}
	if got := p.FindAllStringSubmatch(s, -1); len(got) != 2 || got[1][2] != "2" {
		t.Errorf("FindAllStringSubmatch: %q", got)
	}
	if got := p.FindAllStringSubmatchIndex(s, 1); len(got) != 1 || got[0][1] != 2 {
		t.Errorf("FindAllStringSubmatchIndex: %v", got)
	}
}

func TestTheFirstUseMayBeAtOnce(t *testing.T) {
	p := Compile(`x+`)
	done := make(chan bool)
	for range 8 {
		go func() { done <- p.MatchString("axx") }()
	}
	for range 8 {
		if !<-done {
			t.Error("no match")
		}
	}
}

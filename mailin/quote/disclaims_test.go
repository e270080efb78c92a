package quote

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"
	"unicode"
)

// TestStemsOfDisclaimers: what the pattern finds holds a stem, whichever of its alternatives finds it.
func TestStemsOfDisclaimers(t *testing.T) {
	t.Parallel()
	re, err := syntax.Parse(disclaimerPattern.String(), syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	g := sampler{rand.New(rand.NewPCG(1, 2))}
	found := 0
	for range 3_000 {
		var w strings.Builder
		g.write(&w, re)
		s := w.String()
		if s = s[:min(len(s), 160)]; !disclaimerPattern.MatchString(s) {
			continue // a word boundary was missed
		}
		if found++; !mayDisclaim(s) {
			t.Fatalf("%q holds no stem", s)
		}
	}
	if found < 2_000 {
		t.Errorf("only %d of the samples match", found)
	}
	if mayDisclaim("Please look at the lamp, it is red.") {
		t.Error("a stem stands everywhere")
	}
}

// sampler makes texts that a regular expression finds.
type sampler struct{ *rand.Rand }

func (g sampler) write(w *strings.Builder, re *syntax.Regexp) {
	times := func(least, most int) {
		if most < 0 || most > least+3 {
			most = least + 3
		}
		for range least + g.IntN(most-least+1) {
			g.write(w, re.Sub[0])
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, c := range re.Rune {
			if re.Flags&syntax.FoldCase != 0 && g.IntN(4) == 0 {
				c = unicode.ToUpper(c)
			}
			w.WriteRune(c)
		}
	case syntax.OpCharClass:
		i := 2 * g.IntN(len(re.Rune)/2)
		w.WriteRune(re.Rune[i] + rune(g.IntN(int(min(re.Rune[i+1]-re.Rune[i], 50))+1)))
	case syntax.OpAnyCharNotNL, syntax.OpAnyChar:
		w.WriteByte("xy z"[g.IntN(4)])
	case syntax.OpCapture:
		g.write(w, re.Sub[0])
	case syntax.OpConcat:
		for _, s := range re.Sub {
			g.write(w, s)
		}
	case syntax.OpAlternate:
		g.write(w, re.Sub[g.IntN(len(re.Sub))])
	case syntax.OpQuest:
		times(0, 1)
	case syntax.OpStar:
		times(0, -1)
	case syntax.OpPlus:
		times(1, -1)
	case syntax.OpRepeat:
		times(re.Min, re.Max)
	}
}

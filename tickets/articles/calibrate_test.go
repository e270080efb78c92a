package articles

import (
	"bufio"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"testing"
)

// question is a labelled one.
type question struct {
	Question
	Articles []string // the files that answer it
}

// desk is a library and the questions that the ranking is fitted to.
type desk struct {
	name     string
	articles []Article
	asks     []question
	// What is offered at least of articles in another language, and of libraries of three: the
	// right one and nothing.
	foreign, right, none float64
}

func desks(t testing.TB) []desk {
	t.Helper()
	return []desk{
		{"support", pages(t), labelled(t, "dev.jsonl", "plain.jsonl", "hidden.jsonl", "unseen.jsonl", "more.jsonl"), 0.65, 0.88, 0.92},
		{"provider", pagesOf(t, "testdata/provider/articles"), labelled(t, "provider/open.jsonl"), 0.50, 0.88, 0.90},
	}
}

// labelled reads questions.
func labelled(t testing.TB, files ...string) []question {
	t.Helper()
	var out []question
	for _, file := range files {
		f, err := os.Open(path.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var q question
			if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
				t.Fatal(err)
			}
			out = append(out, q)
		}
	}
	return out
}

// sample is a question asked of a library.
type sample struct {
	question int
	signals  [signalCount]float64
	answered bool // the library has an article that answers it
	foreign  bool // but in another language
	found    bool // and it is among the first three
	weight   float64
}

// samples asks all questions of a library. read has them taken apart.
func samples(all []Article, asks []question, read []asked) []sample {
	x := New(all, "en")
	var out []sample
	yes, no := 0.0, 0.0
	for i, q := range asks {
		// one in another language answers as well, where there is none in the question's
		answers := func(a *Article) bool {
			return slices.ContainsFunc(q.Articles, func(file string) bool { return NameOf(file) == a.Name })
		}
		s := sample{question: i, answered: slices.ContainsFunc(all, func(a Article) bool { return answers(&a) })}
		s.foreign = s.answered && !slices.ContainsFunc(all, func(a Article) bool { return answers(&a) && a.Language == q.Language })
		ranked, evidence, own := x.public.rank(&read[i])
		if len(ranked) > 0 {
			s.signals = x.public.signals(&read[i], evidence, own, ranked[0])
		}
		q.Any = true
		public := x.suggest(&x.public, &read[i], q.Question, 3)
		s.found = slices.ContainsFunc(public, func(f Found) bool { return answers(f.Article) })
		if s.answered {
			yes++
		} else {
			no++
		}
		out = append(out, s)
	}
	for i := range out { // as many with an answer as without
		out[i].weight = 0.5 / no
		if out[i].answered {
			out[i].weight = 0.5 / yes
		}
	}
	return out
}

// fit returns the weights of a logistic regression, by Newton's method.
func fit(all []sample) (w [signalCount + 1]float64) {
	const n, ridge = signalCount + 1, 0.002
	for range 12 {
		var g [n]float64
		var h [n][n]float64
		total := 0.0
		for _, s := range all {
			x := append(s.signals[:], 1)
			z := 0.0
			for i := range x {
				z += w[i] * x[i]
			}
			p, y := 1/(1+math.Exp(-z)), 0.0
			if s.answered {
				y = 1
			}
			total += s.weight
			for i := range x {
				g[i] += s.weight * (p - y) * x[i]
				for j := range x {
					h[i][j] += s.weight * p * (1 - p) * x[i] * x[j]
				}
			}
		}
		for i := range n - 1 {
			g[i] += ridge * total * w[i]
			h[i][i] += ridge * total
		}
		for i := range n { // h·d = g by elimination
			for k := i + 1; k < n; k++ {
				m := h[k][i] / h[i][i]
				for j := i; j < n; j++ {
					h[k][j] -= m * h[i][j]
				}
				g[k] -= m * g[i]
			}
		}
		for i := n - 1; i >= 0; i-- {
			for j := i + 1; j < n; j++ {
				g[i] -= h[i][j] * g[j]
			}
			g[i] /= h[i][i]
		}
		for i := range n {
			w[i] -= g[i]
		}
	}
	return w
}

func sure(w *[signalCount + 1]float64, s *sample) float64 {
	z := w[signalCount]
	for i, v := range s.signals {
		z += w[i] * v
	}
	return 1 / (1 + math.Exp(-z))
}

// How well it went.
type figures struct {
	right, yes, foreignRight, foreign, none, no float64
	yesAt, noAt                                 []float64 // how sure it was: 0 where another article is offered
}

func (f *figures) add(s *sample, sure float64) {
	offers := sure >= offered
	switch {
	case s.foreign:
		f.foreign++
		if offers && s.found {
			f.foreignRight++
		}
	case s.answered:
		f.yes++
		if offers && s.found {
			f.right++
		}
		if !s.found {
			sure = 0
		}
		f.yesAt = append(f.yesAt, sure)
	default:
		f.noAt = append(f.noAt, sure)
		f.no++
		if !offers {
			f.none++
		}
	}
}

// share returns the share of some questions that are at least so sure.
func share(all []float64, least float64) float64 {
	n := 0.0
	for _, sure := range all {
		if sure >= least {
			n++
		}
	}
	return n / float64(len(all))
}

// curve returns for how many nothing is offered rightly where the limit is such that 85 % get the right
// article, and how many do where nine of ten without one are offered nothing.
func (f *figures) curve() (none, right float64) {
	for limit := 0.0; limit < 1; limit += 0.002 {
		some, nothing := share(f.yesAt, limit), 1-share(f.noAt, limit)
		if some >= 0.85 {
			none = max(none, nothing)
		}
		if nothing >= 0.90 {
			right = max(right, some)
		}
	}
	return none, right
}

// libraries asks the questions of a desk of all its articles and of libraries drawn from them: what
// is true of 60 articles must be of three. The key is their size; that of the second is of those in
// two languages alone.
func (d *desk) libraries() (sizes []int, out map[int][][]sample) {
	taken, known := make([]asked, len(d.asks)), newStems()
	for i, q := range d.asks {
		taken[i] = read(q.Question, q.Language, known)
	}
	all := d.articles
	out = map[int][][]sample{len(all): {samples(all, d.asks, taken)}}
	sizes = []int{len(all), len(all) - 8, 20, 8, 3}
	for _, language := range []string{"de", "en", "fr"} { // what was translated is there in two languages alone
		some := slices.DeleteFunc(slices.Clone(all), func(a Article) bool {
			return a.Language == language && slices.ContainsFunc(all, func(b Article) bool { return b.Name == a.Name && b.Language != language })
		})
		out[sizes[1]] = append(out[sizes[1]], samples(some, d.asks, taken))
	}
	for _, size := range sizes[2:] {
		for seed := range 12 {
			r := rand.New(rand.NewPCG(uint64(size), uint64(seed)))
			some := slices.Clone(all)
			r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
			out[size] = append(out[size], samples(some[:size], d.asks, taken))
		}
	}
	return sizes, out
}

// folds puts the questions into ten. Those of an article, in whatever language, stay together: it is
// the next article that counts.
func (d *desk) folds() []int {
	of, random := map[string]int{}, rand.New(rand.NewPCG(7, 7))
	out := make([]int, len(d.asks))
	for i, q := range d.asks {
		if out[i] = random.IntN(10); len(q.Articles) > 0 {
			name := NameOf(q.Articles[0])
			if _, known := of[name]; !known {
				of[name] = out[i]
			}
			out[i] = of[name]
		}
	}
	return out
}

// The weights of the signals are those that the labelled questions give, of both desks alike. What is
// logged are the figures on questions that the weights were not fitted to: ten folds, and fitted to the
// other desk alone.
func TestCalibrate(t *testing.T) {
	both := desks(t)
	sizes, libraries, folds := make([][]int, len(both)), make([]map[int][][]sample, len(both)), make([][]int, len(both))
	for i := range both {
		sizes[i], libraries[i] = both[i].libraries()
		folds[i] = both[i].folds()
	}
	fitted := func(skip func(desk, question int) bool) [signalCount + 1]float64 {
		var data []sample
		for d := range both {
			for _, size := range sizes[d] { // each size counts the same
				for _, library := range libraries[d][size] {
					for _, s := range library {
						if !skip(d, s.question) && !math.IsInf(s.weight, 0) {
							s.weight /= float64(len(libraries[d][size]))
							data = append(data, s)
						}
					}
				}
			}
		}
		return fit(data)
	}
	w := fitted(func(int, int) bool { return false })
	for i := range w {
		if math.Abs(w[i]-weights[i]) > 0.06 {
			t.Errorf("the labelled questions give the weights %.2f, and suggest.go has %.2f", w, weights)
			break
		}
	}
	judge := func(d int, f map[int]*figures, w [signalCount + 1]float64, of func(question int) bool) {
		for size, same := range libraries[d] {
			if f[size] == nil {
				f[size] = &figures{}
			}
			for _, library := range same {
				for i := range library {
					if of(library[i].question) {
						f[size].add(&library[i], sure(&w, &library[i]))
					}
				}
			}
		}
	}
	for d := range both {
		got, other := map[int]*figures{}, map[int]*figures{}
		for k := range 10 {
			judge(d, got, fitted(func(desk, q int) bool { return folds[desk][q] == k }), func(q int) bool { return folds[d][q] == k })
		}
		judge(d, other, fitted(func(desk, _ int) bool { return desk == d }), func(int) bool { return true })
		for _, size := range sizes[d] {
			f, o := got[size], other[size]
			t.Logf("%s, %d articles: the right one offered for %.1f %% of %v, one in another language for %.1f %% of %v, nothing for %.1f %% of %v;"+
				" fitted to the other desk alone %.1f and %.1f %%", both[d].name, size, 100*f.right/f.yes, f.yes,
				100*f.foreignRight/f.foreign, f.foreign, 100*f.none/f.no, f.no, 100*o.right/o.yes, 100*o.none/o.no)
		}
		for _, f := range []*figures{got[sizes[d][0]], other[sizes[d][0]]} {
			none, right := f.curve()
			t.Logf("%s: nothing for %.1f %% where 85 %% get the right one, the right one for %.1f %% where 90 %% get nothing",
				both[d].name, 100*none, 100*right)
		}
		if f := got[len(both[d].articles)]; f.right/f.yes < 0.85 || f.none/f.no < 0.90 {
			t.Error("the figures on questions that the weights were not fitted to have become worse")
		}
		if f := got[sizes[d][1]]; f.foreignRight/f.foreign < both[d].foreign {
			t.Error("those of articles in another language have")
		}
		if f := got[3]; f.right/f.yes < both[d].right || f.none/f.no < both[d].none {
			t.Error("those of small libraries have")
		}
	}
}

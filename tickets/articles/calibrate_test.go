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

// labelled reads the questions that the ranking is fitted to.
func labelled(t testing.TB) []question {
	t.Helper()
	var out []question
	for _, file := range []string{"dev.jsonl", "plain.jsonl", "hidden.jsonl", "unseen.jsonl", "more.jsonl"} {
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

// samples asks all questions of a library.
func samples(all []Article, asks []question) []sample {
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
		a := read(q.Question, q.Language, newStems())
		ranked, evidence := x.public.rank(&a)
		if len(ranked) > 0 {
			s.signals = x.public.signals(&a, evidence, ranked[0])
		}
		q.Any = true
		public, _ := x.Suggest(q.Question)
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

// The weights of the signals are those that the labelled questions give, asked of all articles and of
// small libraries drawn from them: what is true of 60 articles must be of three. What is logged are
// the figures on questions that the weights were not fitted to (ten folds).
func TestCalibrate(t *testing.T) {
	all, asks := pages(t), labelled(t)
	libraries := map[int][][]sample{len(all): {samples(all, asks)}}
	sizes := []int{len(all), len(all) - 8, 20, 8, 3}
	for _, language := range []string{"de", "en", "fr"} { // what was translated is there in two languages alone
		some := slices.DeleteFunc(slices.Clone(all), func(a Article) bool {
			return a.Language == language && slices.ContainsFunc(all, func(b Article) bool { return b.Name == a.Name && b.Language != language })
		})
		libraries[sizes[1]] = append(libraries[sizes[1]], samples(some, asks))
	}
	for _, size := range sizes[2:] {
		for seed := range 12 {
			r := rand.New(rand.NewPCG(uint64(size), uint64(seed)))
			some := slices.Clone(all)
			r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
			libraries[size] = append(libraries[size], samples(some[:size], asks))
		}
	}
	fitted := func(skip func(question int) bool) [signalCount + 1]float64 {
		var data []sample
		for _, size := range sizes { // each size counts the same
			for _, library := range libraries[size] {
				for _, s := range library {
					if !skip(s.question) && !math.IsInf(s.weight, 0) {
						s.weight /= float64(len(libraries[size]))
						data = append(data, s)
					}
				}
			}
		}
		return fit(data)
	}
	w := fitted(func(int) bool { return false })
	for i := range w {
		if math.Abs(w[i]-weights[i]) > 0.06 {
			t.Errorf("the labelled questions give the weights %.2f, and suggest.go has %.2f", w, weights)
			break
		}
	}
	type figures struct{ right, yes, foreignRight, foreign, none, no float64 }
	got := map[int]figures{}
	// the questions of an article, in whatever language, stay together: it is the next article that counts
	folds, random := map[string]int{}, rand.New(rand.NewPCG(7, 7))
	fold := make([]int, len(asks))
	for i, q := range asks {
		if fold[i] = random.IntN(10); len(q.Articles) > 0 {
			name := NameOf(q.Articles[0])
			if _, known := folds[name]; !known {
				folds[name] = fold[i]
			}
			fold[i] = folds[name]
		}
	}
	for k := range 10 {
		w := fitted(func(q int) bool { return fold[q] == k })
		for size, same := range libraries {
			f := got[size]
			for _, library := range same {
				for _, s := range library {
					if fold[s.question] != k {
						continue
					}
					offers := sure(&w, &s) >= offered
					switch {
					case s.foreign && offers && s.found:
						f.foreignRight++
						f.foreign++
					case s.foreign:
						f.foreign++
					case s.answered && offers && s.found:
						f.right++
						f.yes++
					case s.answered:
						f.yes++
					case !offers:
						f.none++
						f.no++
					default:
						f.no++
					}
				}
			}
			got[size] = f
		}
	}
	for _, size := range sizes {
		f := got[size]
		t.Logf("%d articles: the right one offered for %.1f %% of %v, one in another language for %.1f %% of %v, nothing for %.1f %% of %v",
			size, 100*f.right/f.yes, f.yes, 100*f.foreignRight/f.foreign, f.foreign, 100*f.none/f.no, f.no)
	}
	if f := got[len(all)]; f.right/f.yes < 0.85 || f.none/f.no < 0.90 {
		t.Error("the figures on questions that the weights were not fitted to have become worse")
	}
	if f := got[sizes[1]]; f.foreignRight/f.foreign < 0.65 {
		t.Error("those of articles in another language have")
	}
	if f := got[3]; f.right/f.yes < 0.88 || f.none/f.no < 0.92 {
		t.Error("those of small libraries have")
	}
}

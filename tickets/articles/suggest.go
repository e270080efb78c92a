package articles

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Question is what an article is looked for.
type Question struct {
	Subject, Text string
	Language      string // "" is the desk's
	Max           int    // how many at most; 0: three for customers, two for agents
	Any           bool   // whatever their score: somebody has asked for articles
}

// Found is an article that may answer a question.
type Found struct {
	*Article
	Score float64
}

// Suggest returns the articles that may well answer a question, the best first: at most three for
// customers and two for agents, none where nothing fits well enough. It is pure.
func (x *Index) Suggest(q Question) (public, internal []Found) {
	if len(x.All()) == 0 {
		return nil, nil
	}
	scores := make([]float64, len(x.articles))
	language := cmp.Or(q.Language, x.language)
	words := asked(q, language)
	for i := range x.shelves {
		x.shelves[i].score(words, language, scores)
	}
	var all []Found
	for i, score := range scores {
		if score > 0 {
			all = append(all, Found{&x.articles[i], score})
		}
	}
	slices.SortStableFunc(all, func(a, b Found) int { return cmp.Compare(b.Score, a.Score) })
	return x.best(all, q, language, true, cmp.Or(q.Max, 3)), x.best(all, q, language, false, cmp.Or(q.Max, 2))
}

// best takes those that are offered to customers, or to agents: each article in one language, above
// the score.
func (x *Index) best(all []Found, q Question, language string, public bool, most int) []Found {
	var out []Found
	for _, f := range all {
		if f.Public != public {
			continue
		}
		if len(out) == most || !q.Any && f.Score < offered {
			break
		}
		if own := x.Find(f.Name, language, public); own != nil && own.Language == language && own.Public == f.Public {
			f.Article = own // another language's words found it
		}
		if !slices.ContainsFunc(out, func(o Found) bool { return o.Name == f.Name }) {
			out = append(out, f)
		}
	}
	return out
}

// term is a word of a question and how much it counts.
type term struct {
	word   string
	weight float64
}

const (
	maxAsked  = 250 // words of a question that are looked at
	ofSubject = 1.5
	foreign   = 0.7 // how much an article in another language counts
	ofPart    = 0.4 // how much a part of a compound counts
	minPart   = 4   // letters of a part of a compound
)

// asked returns the words of a question, each once.
func asked(q Question, language string) []term {
	var out []term
	add := func(text string, weight float64) {
		for _, w := range cut(text) {
			if len(out) == maxAsked {
				return
			}
			if !telling(w) || stopwords[language][w] || slices.ContainsFunc(out, func(t term) bool { return t.word == w }) {
				continue
			}
			out = append(out, term{w, weight})
		}
	}
	add(q.Subject, ofSubject)
	add(q.Text, 1)
	return out
}

// score adds to each article what the words of a question say for it.
func (s *shelf) score(words []term, language string, scores []float64) {
	factor := 1.0
	if s.language != language {
		factor = foreign
	}
	seen := map[string]bool{}
	found := map[int]float64{}
	whole := 0.0
	for _, w := range words {
		weight := w.weight
		for i, key := range s.keys(w.word) {
			if seen[key] {
				continue
			}
			seen[key] = true
			if i > 0 {
				weight = w.weight * ofPart
			}
			for _, r := range s.rows[key] {
				found[r.article] += weight * s.rarity[key] * r.weight
			}
		}
		whole += w.weight
	}
	for article, score := range found {
		scores[article] += 100 * factor * score / (wordsCount + whole)
	}
}

// keys returns by what a word is looked up: its stem, or the parts of a compound.
func (s *shelf) keys(word string) []string {
	key := stem(word, s.language)
	if _, known := s.rows[key]; known || !compounding[s.language] || utf8.RuneCountInString(word) < 2*minPart {
		return []string{key}
	}
	out := []string{key}
	whole := plain(word)
	for at := minPart; at <= len(whole)-minPart; at++ {
		for _, part := range []string{whole[:at], strings.TrimPrefix(whole[at:], "s")} {
			k := stem(part, s.language)
			if _, known := s.rows[k]; known && len(part) >= minPart && !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// The score above which an article is offered, and how the length of a question counts, calibrated
// on the labelled questions of testdata/dev.jsonl.
const (
	wordsCount = 25.0
	offered    = 8.0
)

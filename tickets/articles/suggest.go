package articles

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Question is the text for which articles are sought.
type Question struct {
	Subject, Text string
	Language      string // "" is the desk's
	Max           int    // how many at most; 0: three for customers, two for agents
	Any           bool   // return articles even if they are unlikely to help: somebody has asked for them
}

// Found is an article that may answer a question.
type Found struct {
	*Article
	Score float64 // 0 to 100: the probability that the question has an answer, less for lower-ranked articles
}

// Suggest returns the articles that probably answer a question, best first: at most three for
// customers and two for agents, or none if it is not likely enough that the question has an answer
// at all. The articles for customers do not depend on internal ones. It is pure.
func (x *Index) Suggest(q Question) (public, internal []Found) {
	if len(x.All()) == 0 {
		return nil, nil
	}
	known := x.borrow()
	defer x.giveBack(known)
	a := read(q, cmp.Or(q.Language, x.language), known)
	return x.suggest(&x.public, &a, q, cmp.Or(q.Max, 3)), x.suggest(&x.internal, &a, q, cmp.Or(q.Max, 2))
}

func (x *Index) suggest(l *library, a *asked, q Question, most int) []Found {
	ranked, evidence, own := l.rank(a)
	if len(ranked) == 0 {
		return nil
	}
	sure := sigmoid(l.signals(a, evidence, own, ranked[0]))
	if !q.Any && sure < offered {
		return nil
	}
	var out []Found
	for _, i := range ranked {
		score := evidence[i].score / evidence[ranked[0]].score
		if len(out) == most || !q.Any && score < beside {
			break
		}
		f := Found{&x.articles[i], 100 * sure * score}
		if own := x.Find(f.Name, a.language, f.Public); own != nil && own.Language == a.language && own.Public == f.Public {
			f.Article = own // it was found by words of another language
		}
		if !slices.ContainsFunc(out, func(o Found) bool { return o.Name == f.Name }) {
			out = append(out, f)
		}
	}
	return out
}

// asked is a question prepared for the search.
type asked struct {
	language string
	words    []term // each once
	notions  []term
	wants    bool // it contains a question or a complaint that something fails
	how      bool // it asks how to do something, where it is or what it means
	fails    bool // it says that something does not work
	stems    *stems
}

// term is a word or notion of a question, and its weight.
type term struct {
	word, stem string
	weight     float64
	naming     bool // a word that names a notion
}

const (
	maxAsked  = 250 // words of a question that are examined
	ofSubject = 1.25
	ofNotion  = 1.5 // weight of a notion, besides the words that name it
	ofNamed   = 0.5 // weight of those words: the notion represents most of them
	foreign   = 0.8 // weight of an article in another language, which is found by notions alone
	ofPart    = 0.4 // weight of a part of a compound
	minPart   = 4   // letters of a part of a compound
	minNamed  = 5   // letters of a part that names a notion

	partOfNotion = 0.7 // weight of a notion named only by a part of a compound

	beside = 0.3 // the share of the best article's score at which others are offered with it
)

// read analyses a question.
func read(q Question, language string, known *stems) asked {
	a := asked{language: language, stems: known, wants: strings.ContainsAny(q.Subject+q.Text, "?？¿")}
	askers, listed := asking()[language]
	a.wants = a.wants || !listed || strings.TrimSpace(q.Text) == ""
	seen := map[string]bool{}
	add := func(to *[]term, t term) {
		if !seen[t.word] && len(*to) < maxAsked {
			seen[t.word] = true
			*to = append(*to, t)
		}
	}
	looked := map[string]bool{} // examined for parts that name a notion
	for _, part := range []term{{word: q.Subject, weight: ofSubject}, {word: q.Text, weight: 1}} {
		words := cut(part.word)
		words = words[:min(len(words), 2*maxAsked)]
		stems := make([]string, len(words))
		for i, w := range words {
			s := known.of(w, language)
			if compounding[language] && !looked[w] {
				looked[w] = true
				notions().within(plain(w), s, language, known, func(name string) {
					add(&a.notions, term{word: name, weight: part.weight * ofNotion * partOfNotion})
				})
			}
			stems[i] = s
			a.wants = a.wants || askers[w]
		}
		named := make([]bool, len(words))
		notions().in(words, stems, language, func(name string, from, to int) {
			if isAsking(name) {
				a.how = a.how || name == asksHow
				a.fails = a.fails || name == saysFails
				return
			}
			add(&a.notions, term{word: name, weight: part.weight * ofNotion})
			for i := from; i < to; i++ {
				named[i] = true
			}
		})
		for i, w := range words {
			if weight := part.weight; telling(w) && !stopwords()[language][w] {
				if named[i] {
					weight *= ofNamed
				}
				add(&a.words, term{w, stems[i], weight, named[i]})
			}
		}
	}
	return a
}

// evidence is the evidence for an article.
type evidence struct {
	score float64
	named float64 // the number of the question's notions in its title or tags
	has   float64 // the total weight, by rarity, of the question's notions in it; those only in its text count half
}

// rank returns the articles for which there is any evidence, best first, and the total weight of
// the question's words that some article has as its own.
func (l *library) rank(a *asked) (ranked []int, all []evidence, own float64) {
	if l.count == 0 {
		return nil, nil, 0
	}
	all = make([]evidence, len(l.notionsOf))
	for i := range l.shelves {
		own += l.shelves[i].score(a, all)
	}
	for _, n := range a.notions {
		rarity := l.rarity[n.word]
		for _, r := range l.notions[n.word] {
			factor := 1.0
			if l.languages[r.article] != a.language {
				factor = foreign
			}
			e := &all[r.article]
			e.score += factor * n.weight * rarity * r.weight
			e.has += n.weight * rarity / 2
			if r.named {
				e.named++
				e.has += n.weight * rarity / 2
			}
		}
	}
	for i := range all {
		if all[i].score > 0 {
			ranked = append(ranked, i)
		}
	}
	slices.SortStableFunc(ranked, func(a, b int) int { return cmp.Compare(all[b].score, all[a].score) })
	return ranked, all, own
}

// score adds the evidence from the words of a question to each article of a language. It returns
// the total weight, by rarity, of those that some article has as its own: they count as notions.
func (s *shelf) score(a *asked, all []evidence) (own float64) {
	factor := 1.0
	if s.language != a.language {
		factor = foreign
	}
	seen := map[string]bool{}
	for _, w := range a.words {
		weight := factor * w.weight
		for i, key := range s.keys(&w, a) {
			if seen[key] {
				continue
			}
			seen[key] = true
			if i > 0 {
				weight = factor * w.weight * ofPart
			}
			isOwn, rarity := s.own[key] && !w.naming && s.language == a.language, w.weight*s.rarity[key]
			if isOwn {
				own += rarity
			}
			for _, r := range s.rows[key] {
				e := &all[r.article]
				e.score += weight * s.rarity[key] * r.weight
				if isOwn {
					e.has += rarity / 2
					if r.named {
						e.named++
						e.has += rarity / 2
					}
				}
			}
		}
	}
	return own
}

// keys returns the keys for looking up a word: its stem, or the parts of a compound.
func (s *shelf) keys(t *term, a *asked) []string {
	word, key := t.word, t.stem
	if s.language != a.language {
		key = a.stems.of(word, s.language)
	}
	if _, known := s.rows[key]; known || !compounding[s.language] || utf8.RuneCountInString(word) < 2*minPart {
		return []string{key}
	}
	out := []string{key}
	whole := plain(word)
	for at := minPart; at <= len(whole)-minPart; at++ {
		for _, part := range []string{whole[:at], strings.TrimPrefix(whole[at:], "s")} {
			if len(part) < minPart {
				continue
			}
			k := a.stems.of(part, s.language)
			if _, known := s.rows[k]; known && !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// Whether a question has an answer at all is decided by a logistic regression on eight signals of
// the question and its best article. TestCalibrate fits the weights to the labelled questions, with
// libraries of two desks and of all sizes, and reports how well they do on questions that were not
// used for fitting.
const signalCount = 8

// weights are the weights of the signals, followed by the constant.
var weights = [signalCount + 1]float64{2.09, 2.55, 2.91, -0.69, 0.73, -2.97, 0.58, 0.54, -6.17}

// offered is the probability from which articles are offered. It is so high that nothing is offered
// for nine of ten questions without an answer.
const offered = 0.54

// signals returns the signals for an answer in the best article.
func (l *library) signals(a *asked, all []evidence, own float64, best int) [signalCount]float64 {
	e, absent, kinds, asked := &all[best], 0, 0, 0.5+own
	for _, n := range a.notions {
		switch _, known := l.notions[n.word]; {
		case known:
			asked += n.weight * l.rarity[n.word]
			continue
		case isKind(n.word):
			kinds++
		default:
			absent++
		}
		asked += n.weight
	}
	return [signalCount]float64{
		// the words and notions in common, by rarity
		math.Log1p(e.score),
		// the share of the notions naming the article that the question has
		e.named / (1 + l.notionsOf[best]),
		// the share of the question's notions that the article has
		e.has / asked,
		// what the question names and no article has: it is about something else
		math.Min(float64(absent), 2) / 2,
		// a mail of thanks, an order or a bill asks nothing
		one(a.wants),
		// nor does a complaint, a claim, an appointment or an advertisement
		math.Min(float64(kinds), 2) / 2,
		// "how" questions and reports of failures ask for what an article says
		one(a.how),
		one(a.fails),
	}
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func sigmoid(s [signalCount]float64) float64 {
	z := weights[signalCount]
	for i, v := range s {
		z += weights[i] * v
	}
	return 1 / (1 + math.Exp(-z))
}

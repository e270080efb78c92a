package articles

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Question is what an article is looked for.
type Question struct {
	Subject, Text string
	Language      string // "" is the desk's
	Max           int    // how many at most; 0: three for customers, two for agents
	Any           bool   // however little speaks for them: somebody has asked for articles
}

// Found is an article that may answer a question.
type Found struct {
	*Article
	Score float64 // 0 to 100: how sure it is that the question has an answer, less for those behind the best
}

// Suggest returns the articles that may well answer a question, the best first: at most three for
// customers and two for agents, none where it is not likely enough that the question has an answer
// at all. What customers get depends on nothing that is written for agents. It is pure.
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
	ranked, evidence := l.rank(a)
	if len(ranked) == 0 {
		return nil
	}
	sure := sigmoid(l.signals(a, evidence, ranked[0]))
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
			f.Article = own // another language's words found it
		}
		if !slices.ContainsFunc(out, func(o Found) bool { return o.Name == f.Name }) {
			out = append(out, f)
		}
	}
	return out
}

// asked is a question as it is looked up.
type asked struct {
	language string
	words    []term // each once
	notions  []term
	wants    bool // something in it asks, or says what does not work
	how      bool // it asks how something is done, where it is or what it means
	fails    bool // it says that something does not work
	stems    *stems
}

// term is a word or notion of a question, and how much it counts.
type term struct {
	word, stem string
	weight     float64
}

const (
	maxAsked  = 250 // words of a question that are looked at
	ofSubject = 1.25
	ofNotion  = 1.5 // how much a notion counts, beside the words that name it
	ofNamed   = 0.5 // how much these words do: the notion stands for most of them
	foreign   = 0.8 // how much an article in another language counts: it has the notions alone
	ofPart    = 0.4 // how much a part of a compound counts
	minPart   = 4   // letters of a part of a compound
	minNamed  = 5   // letters of a part that names a notion

	partOfNotion = 0.7 // how much a notion counts that only a part of a compound names

	beside = 0.3 // of the best article's score, for others to be offered with it
)

// read takes a question apart.
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
	looked := map[string]bool{} // into, for parts that name a notion
	for _, part := range []term{{q.Subject, "", ofSubject}, {q.Text, "", 1}} {
		words := cut(part.word)
		words = words[:min(len(words), 2*maxAsked)]
		stems := make([]string, len(words))
		for i, w := range words {
			s := known.of(w, language)
			if compounding[language] && !looked[w] {
				looked[w] = true
				notions().within(plain(w), s, language, known, func(name string) {
					add(&a.notions, term{name, "", part.weight * ofNotion * partOfNotion})
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
			add(&a.notions, term{name, "", part.weight * ofNotion})
			for i := from; i < to; i++ {
				named[i] = true
			}
		})
		for i, w := range words {
			if weight := part.weight; telling(w) && !stopwords()[language][w] {
				if named[i] {
					weight *= ofNamed
				}
				add(&a.words, term{w, stems[i], weight})
			}
		}
	}
	return a
}

// evidence is what speaks for an article.
type evidence struct {
	score float64
	named int     // notions of the question that its title or tags have
	has   float64 // of the weight of the question's notions, by their rarity, half for those in its text alone
}

// rank returns the articles for which anything speaks, the best first.
func (l *library) rank(a *asked) (ranked []int, all []evidence) {
	if l.count == 0 {
		return nil, nil
	}
	all = make([]evidence, len(l.notionsOf))
	for i := range l.shelves {
		l.shelves[i].score(a, all)
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
	return ranked, all
}

// score adds to each article of a language what the words of a question say for it.
func (s *shelf) score(a *asked, all []evidence) {
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
			for _, r := range s.rows[key] {
				all[r.article].score += weight * s.rarity[key] * r.weight
			}
		}
	}
}

// keys returns by what a word is looked up: its stem, or the parts of a compound.
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
// libraries of two desks and of all sizes, and says how well they do on questions that they were
// not fitted to.
const signalCount = 8

// weights are those of the signals, and the last one the constant.
var weights = [signalCount + 1]float64{2.10, 2.39, 2.95, -0.70, 0.67, -2.97, 0.57, 0.55, -6.15}

// offered is how sure it has to be that a question has an answer: so sure that nothing is offered
// for nine of ten questions without one.
const offered = 0.54

// signals returns what speaks for an answer in the best article.
func (l *library) signals(a *asked, all []evidence, best int) [signalCount]float64 {
	e, absent, kinds, asked := &all[best], 0, 0, 0.5
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
		// the words and notions that both have, by their rarity
		math.Log1p(e.score),
		// of the notions that name the article, the share that the question has
		float64(e.named) / float64(1+l.notionsOf[best]),
		// of what the question names, the share that the article has
		e.has / asked,
		// what it names and no article has: it is about something else
		math.Min(float64(absent), 2) / 2,
		// a mail of thanks, an order and a bill ask nothing
		one(a.wants),
		// and so do a complaint, a claim, an appointment and an advertisement
		math.Min(float64(kinds), 2) / 2,
		// who asks how it is done asks what an article says, and so does who says that it fails
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

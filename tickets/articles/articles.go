// Package articles holds the pages of the knowledge base in force and finds those that answer a
// question: one ranking for both databases, computed from the files alone. It owns the words by
// which articles are found and the scores above which one is offered. An index never changes once
// it is made; it must never know tickets, a database or who asks: whoever shows an article says
// whether internal ones are wanted.
package articles

import (
	"cmp"
	"math"
	"path"
	"slices"
	"strings"

	"tierdesk/templates"
)

// Article is a page of the knowledge base.
type Article struct {
	File     string // relative to the desk folder: "kb/vpn.de.md"
	Name     string // by which people name it: "vpn"; it is the same in every language
	Title    string
	Public   bool   // customers may see it; else it is for agents (a standard operating procedure)
	Language string // never ""
	Tags     []string
	Text     string         // Markdown, without the title
	Link     templates.Link // where it can be read on the web; "" for nowhere
	Page     templates.Page // Text, ready to stand in a mail
	Review   Review         // when its owner looks whether it is still right
}

// NameOf returns the name of an article by its file: without the folder, the language and .md.
func NameOf(file string) string {
	name := strings.TrimSuffix(path.Base(file), ".md")
	if base, language, found := strings.Cut(name, "."); found && len(language) == 2 {
		return base
	}
	return name
}

// ID is by which an article is told from the same one in other languages: its file without the
// folder and .md, "vpn.de".
func (a *Article) ID() string { return strings.TrimSuffix(path.Base(a.File), ".md") }

// Summary returns the first paragraph of an article, in one line of at most 160 characters.
func (a *Article) Summary() string {
	first, _, _ := strings.Cut(a.Page.Text(), "\n\n")
	first = strings.Join(strings.Fields(first), " ")
	if r := []rune(first); len(r) > 160 {
		return strings.TrimRight(string(r[:159]), " ,;:") + "…"
	}
	return first
}

// Index finds articles. A nil Index has none. It may be used by any number of goroutines at once.
type Index struct {
	articles []Article
	shelves  []shelf // a language each
	language string  // of a question whose language is not known
}

// shelf holds the articles of one language.
type shelf struct {
	language string
	rows     map[string][]row // by stem
	rarity   map[string]float64
}

// row says how much an article is about a stem.
type row struct {
	article int
	weight  float64
}

// How much a word counts by where it stands.
const (
	inTitle = 3.0
	inTags  = 3.0
	inText  = 1.0
)

// New makes an index. language is that of questions whose own is not known.
func New(all []Article, language string) *Index {
	if len(all) == 0 {
		return nil
	}
	x := &Index{articles: slices.Clone(all), language: cmp.Or(language, "en")}
	slices.SortStableFunc(x.articles, func(a, b Article) int { return cmp.Compare(a.File, b.File) })
	for _, language := range x.languages() {
		x.shelves = append(x.shelves, x.shelf(language))
	}
	return x
}

func (x *Index) languages() []string {
	var out []string
	for i := range x.articles {
		out = append(out, x.articles[i].Language)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// shelf sorts the words of the articles of a language.
func (x *Index) shelf(language string) shelf {
	s := shelf{language: language, rows: map[string][]row{}, rarity: map[string]float64{}}
	counts := make([]map[string]float64, len(x.articles))
	lengths, total, n := make([]float64, len(x.articles)), 0.0, 0.0
	for i := range x.articles {
		a := &x.articles[i]
		if a.Language != language {
			continue
		}
		counts[i] = map[string]float64{}
		add := func(text string, weight float64) {
			for _, w := range cut(text) {
				if telling(w) && !stopwords[language][w] {
					counts[i][stem(w, language)] += weight
					lengths[i] += weight
				}
			}
		}
		add(a.Title, inTitle)
		add(strings.Join(a.Tags, " "), inTags)
		add(strings.ReplaceAll(a.Name, "-", " "), inText)
		add(a.Text, inText)
		total += lengths[i]
		n++
	}
	for i, words := range counts {
		for word, count := range words {
			length := 1 - lengthCounts + lengthCounts*lengths[i]/(total/n)
			s.rows[word] = append(s.rows[word], row{article: i, weight: count * (saturates + 1) / (count + saturates*length)})
		}
	}
	for word, rows := range s.rows {
		slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.article, b.article) })
		s.rarity[word] = rarity(n, len(rows)) / rarity(n, 1)
	}
	return s
}

// rarity returns how much a word of so many of n articles tells: the inverse document frequency.
func rarity(n float64, of int) float64 {
	return math.Log(1 + (n-float64(of)+0.5)/(float64(of)+0.5))
}

// The constants of BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009):
// how soon more of a word says no more, and how much the length of an article counts.
const (
	saturates    = 1.2
	lengthCounts = 0.3
)

// All returns the articles, in the order of their files. They are not to be changed.
func (x *Index) All() []Article {
	if x == nil {
		return nil
	}
	return x.articles
}

// Has reports whether there is an article that customers may see, or an internal one.
func (x *Index) Has(public bool) bool {
	return x != nil && slices.ContainsFunc(x.articles, func(a Article) bool { return a.Public == public })
}

// Names returns the names of the articles that customers may see, or of all, each once.
func (x *Index) Names(public bool) []string {
	out := []string{}
	for i := range x.All() {
		if a := &x.articles[i]; a.Public || !public {
			out = append(out, a.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Reviewed returns the IDs of the articles that have an owner who reviews them.
func (x *Index) Reviewed() []string {
	out := []string{}
	for i := range x.All() {
		if a := &x.articles[i]; a.Review.Wanted() {
			out = append(out, a.ID())
		}
	}
	return out
}

// ByFile returns the article of a file, nil if there is none.
func (x *Index) ByFile(file string) *Article {
	for i := range x.All() {
		if a := &x.articles[i]; a.File == file {
			return a
		}
	}
	return nil
}

// Find returns the article of a name: in the language asked for, else the desk's, else English,
// else the first; nil if there is none. public leaves out internal ones.
func (x *Index) Find(name, language string, public bool) *Article {
	var found *Article
	best := -1
	for i := range x.All() {
		a := &x.articles[i]
		if !strings.EqualFold(a.Name, name) || public && !a.Public {
			continue
		}
		rank := 0
		switch a.Language {
		case language:
			rank = 3
		case x.language:
			rank = 2
		case "en":
			rank = 1
		}
		if rank > best {
			found, best = a, rank
		}
	}
	return found
}

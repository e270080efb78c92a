// Package articles holds the pages of the knowledge base in force and finds those that answer a
// question: one ranking for both databases, computed from the files alone. It owns the words by
// which articles are found and the scores above which an article is offered. An index never changes
// once it is made. It must never know tickets, a database or who asks: the caller says whether
// internal articles are wanted.
package articles

import (
	"cmp"
	"maps"
	"math"
	"path"
	"slices"
	"strings"
	"sync"

	"tierdesk/templates"
)

// Article is a page of the knowledge base.
type Article struct {
	File     string // relative to the desk folder: "kb/vpn.de.md"
	Name     string // the name people use: "vpn"; it is the same in every language
	Title    string
	Public   bool   // customers may see it; otherwise it is for agents (a standard operating procedure)
	Language string // never ""
	Tags     []string
	Text     string         // Markdown, without the title
	Link     templates.Link // its address on the web; "" for none
	Page     templates.Page // Text in the form for a mail
	Review   Review         // when its owner checks whether it is still right
}

// NameOf returns the name of an article from its file: without the folder, the language and .md.
func NameOf(file string) string {
	name := strings.TrimSuffix(path.Base(file), ".md")
	if base, language, found := strings.Cut(name, "."); found && len(language) == 2 {
		return base
	}
	return name
}

// ID distinguishes an article from its translations: its file without the folder and .md, "vpn.de".
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

// Index finds articles. A nil Index has none. It is safe for concurrent use by multiple goroutines.
type Index struct {
	articles         []Article
	public, internal library
	language         string    // of a question whose language is not known
	stems            sync.Pool // of *stems
}

// library indexes the articles for customers, or those for agents.
type library struct {
	count     int
	shelves   []shelf            // one for each language
	notions   map[string][]row   // of all languages
	rarity    map[string]float64 // of the notions
	notionsOf []float64          // how many notions the title of each article names, its own words among them
	languages []string           // of each article
}

// shelf indexes the articles of one language.
type shelf struct {
	language string
	rows     map[string][]row // by stem
	rarity   map[string]float64
	own      map[string]bool // the stems that articles have as their own words
}

// row is the weight of a stem or notion in an article.
type row struct {
	article int
	weight  float64
	named   bool // in its title or tags; a stem only as the article's own word
}

// ofOwn is what a word of a title counts, among the notions of the title, that names no notion of
// the vocabulary: what an article is about may have a name that only this desk uses.
const ofOwn = 0.5

// The weight of a word by its position.
const (
	inTitle = 3.0
	inTags  = 3.0
	inText  = 1.0
)

// New makes an index. language is assumed for questions whose language is unknown.
func New(all []Article, language string) *Index {
	if len(all) == 0 {
		return nil
	}
	x := &Index{articles: slices.Clone(all), language: cmp.Or(language, "en")}
	slices.SortStableFunc(x.articles, func(a, b Article) int { return cmp.Compare(a.File, b.File) })
	x.public, x.internal = x.sorted(true), x.sorted(false)
	return x
}

// content is what an article is about.
type content struct {
	stems, notions map[string]float64
	named          map[string]bool // notions that its title or tags name
	own            map[string]bool // stems of their words that name none
	length         float64
	title          float64 // notions that its title names, its own words among them
}

func contentOf(a *Article) content {
	c := content{stems: map[string]float64{}, notions: map[string]float64{}, named: map[string]bool{}, own: map[string]bool{}}
	add := func(text string, weight float64) {
		words := cut(text)
		stems, naming := make([]string, len(words)), make([]bool, len(words))
		for i, w := range words {
			stems[i] = stem(w, a.Language)
			if telling(w) && !stopwords()[a.Language][w] {
				c.stems[stems[i]] += weight
				c.length += weight
			}
		}
		notions().in(words, stems, a.Language, func(notion string, from, to int) {
			for i := from; i < to; i++ {
				naming[i] = true
			}
			if weight == inText && isKind(notion) || isAsking(notion) {
				return // an article that mentions a test in passing is not about test mails
			}
			c.notions[notion] += weight
			c.length += weight
			c.named[notion] = c.named[notion] || weight > inText
		})
		for i, w := range words {
			if weight > inText && !naming[i] && telling(w) && !stopwords()[a.Language][w] {
				c.own[stems[i]] = true
			}
		}
	}
	add(a.Title, inTitle)
	c.title = float64(len(c.named)) + ofOwn*float64(len(c.own))
	for _, tag := range a.Tags {
		add(tag, inTags)
	}
	add(strings.ReplaceAll(a.Name, "-", " "), inText)
	add(a.Text, inText)
	return c
}

// sorted indexes the articles for customers, or those for agents.
func (x *Index) sorted(public bool) library {
	l := library{notions: map[string][]row{}, rarity: map[string]float64{}}
	l.notionsOf, l.languages = make([]float64, len(x.articles)), make([]string, len(x.articles))
	contents := make([]content, len(x.articles))
	byLanguage := map[string][]int{}
	total := 0.0
	for i := range x.articles {
		a := &x.articles[i]
		if a.Public != public {
			continue
		}
		l.count++
		contents[i] = contentOf(a)
		l.languages[i], l.notionsOf[i] = a.Language, contents[i].title
		byLanguage[a.Language] = append(byLanguage[a.Language], i)
		total += contents[i].length
	}
	weight := func(i int, count float64) float64 {
		length := 1 - lengthCounts + lengthCounts*contents[i].length/(total/float64(l.count))
		return count * (saturates + 1) / (count + saturates*length)
	}
	for _, language := range slices.Sorted(maps.Keys(byLanguage)) {
		s := shelf{language: language, rows: map[string][]row{}, rarity: map[string]float64{}, own: map[string]bool{}}
		for _, i := range byLanguage[language] {
			for word, count := range contents[i].stems {
				s.rows[word] = append(s.rows[word], row{i, weight(i, count), contents[i].own[word]})
			}
			maps.Copy(s.own, contents[i].own)
			for notion, count := range contents[i].notions {
				l.notions[notion] = append(l.notions[notion], row{i, weight(i, count), contents[i].named[notion]})
			}
		}
		n := float64(len(byLanguage[language]))
		for word, rows := range s.rows {
			s.rarity[word] = rarity(n, float64(len(rows))) / rarity(n, 1)
		}
		l.shelves = append(l.shelves, s)
	}
	subjects := map[string]float64{} // an article and its translations count as one
	for i := range x.articles {
		if l.languages[i] != "" {
			subjects[x.articles[i].Name] = 1
		}
	}
	n := float64(len(subjects))
	for notion, rows := range l.notions {
		clear(subjects)
		for _, r := range rows {
			name, counts := x.articles[r.article].Name, 0.5 // a mention in passing counts half
			if r.named {
				counts = 1
			}
			subjects[name] = max(counts, subjects[name])
		}
		of := 0.0
		for _, counts := range subjects {
			of += counts
		}
		l.rarity[notion] = rarity(n, of) / rarity(n, 1)
	}
	return l
}

// rarity returns the weight of a word that occurs in that many of n articles: the inverse document
// frequency.
func rarity(n, of float64) float64 {
	return math.Log(1 + (n-of+0.5)/(of+0.5))
}

// The constants of BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009): how
// soon repetition of a word stops adding weight, and how much the length of an article matters.
const (
	saturates    = 1.2
	lengthCounts = 0.3
)

// All returns the articles, ordered by file. They must not be changed.
func (x *Index) All() []Article {
	if x == nil {
		return nil
	}
	return x.articles
}

// Has reports whether there is any article for customers, or any internal one.
func (x *Index) Has(public bool) bool {
	return x != nil && slices.ContainsFunc(x.articles, func(a Article) bool { return a.Public == public })
}

// Names returns the names of the articles for customers, or of all articles, without duplicates.
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

// Reviewed returns the IDs of the articles that have a reviewing owner.
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

// Find returns the article with a name: in the language asked for, else the desk's, else English,
// else any; nil if there is none. public excludes internal articles.
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

package search

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"tierdesk/migrations/sqldb"
)

// document is a message as it is indexed: the words of each part.
type document struct {
	message int64
	parts   [len(parts)][]string
}

// parts are in the order of the index's columns; each has a letter for PostgreSQL.
var parts = [...]struct {
	part   Part
	letter byte
}{{Body, 'A'}, {Sender, 'B'}, {Recipient, 'C'}, {Marks, 'D'}}

// gap separates the texts of one part, so that no phrase extends from one into the next. No written
// text becomes this word.
const gap = "¶"

// index knows which messages contain which words.
type index interface {
	// put adds messages, replacing those already there.
	put(tx *sqldb.Tx, docs []document) error
	// find returns messages with numbers below the given one that match all the terms, newest
	// first. Each call examines a bounded number of messages: further is where the next call must
	// continue, 0 if there is nothing more.
	find(tx *sqldb.Tx, terms []Term, below int64) (ids []int64, further int64, err error)
}

// start is the value of below for the first call of find.
const start = math.MaxInt64

func indexOf(tx *sqldb.Tx, b bounds) index {
	if tx.Kind() == sqldb.Postgres {
		return tsvector{b}
	}
	return fts5{b}
}

// bounds limit how many messages are examined.
type bounds struct {
	first int // messages initially: enough for a list of common words
	most  int // messages at most
	// window is how many of the newest messages PostgreSQL first scans one by one. Common words are
	// found often enough there. The inverted index returns all messages with a word, unordered, so
	// it is used only for rarer words.
	window int64
}

var usual = bounds{first: 300, most: 20_000, window: 20_000}

// fts5 is SQLite's index.
type fts5 struct{ bounds }

func (fts5) put(tx *sqldb.Tx, docs []document) error {
	for i := range docs {
		d := &docs[i]
		args := []any{d.message}
		for _, words := range d.parts {
			args = append(args, strings.Join(words, " "))
		}
		_, err := tx.Exec(`INSERT OR REPLACE INTO search_words (rowid, body, sender, recipient, marks) VALUES (?, ?, ?, ?, ?)`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

func (x fts5) find(tx *sqldb.Tx, terms []Term, below int64) (ids []int64, further int64, err error) {
	limit := x.first
	if below != start {
		limit = x.most
	}
	err = tx.Select(&ids, `SELECT rowid FROM search_words WHERE search_words MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
		x.expression(terms), below, limit)
	if err == nil && len(ids) == limit {
		further = ids[limit-1]
	}
	return ids, further, err
}

// expression: body : "a b" * AND sender : "c". Words hold neither quotes nor stars.
func (fts5) expression(terms []Term) string {
	out := make([]string, len(terms))
	for i, t := range terms {
		out[i] = string(t.Part) + ` : "` + strings.Join(t.Words, " ") + `"`
		if t.Open {
			out[i] += " *"
		}
	}
	return strings.Join(out, " AND ")
}

// tsvector is PostgreSQL's index.
type tsvector struct{ bounds }

const rowsPerInsert = 100

func (x tsvector) put(tx *sqldb.Tx, docs []document) error {
	for some := range slices.Chunk(docs, rowsPerInsert) {
		args := make([]any, 0, 2*len(some))
		for i := range some {
			args = append(args, some[i].message, x.vector(&some[i]))
		}
		if _, err := tx.Exec(`INSERT INTO search_words (message, words) VALUES (?, ?)`+strings.Repeat(`, (?, ?)`, len(some)-1)+
			` ON CONFLICT (message) DO UPDATE SET words = excluded.words`, args...); err != nil {
			return err
		}
	}
	return nil
}

// vector: 'printer':1A,7A 'jane':9B. PostgreSQL ignores positions of a word beyond the 255th.
func (tsvector) vector(d *document) string {
	places := map[string][]byte{}
	var order []string
	at := 0
	for i, words := range d.parts {
		for _, w := range words {
			at++
			if w == gap {
				continue
			}
			old, there := places[w]
			if !there {
				order = append(order, w)
			} else {
				old = append(old, ',')
			}
			places[w] = append(strconv.AppendInt(old, int64(at), 10), parts[i].letter)
		}
		at++
	}
	var b strings.Builder
	for _, w := range order {
		b.WriteString("'" + w + "':")
		b.Write(places[w])
		b.WriteByte(' ')
	}
	return b.String()
}

func (x tsvector) find(tx *sqldb.Tx, terms []Term, below int64) (ids []int64, further int64, err error) {
	query := x.expression(terms)
	if below == start {
		var newest int64
		if _, err := tx.Find(&newest, `SELECT message FROM search_words ORDER BY message DESC LIMIT 1`); err != nil || newest == 0 {
			return nil, 0, err
		}
		further = max(newest-x.window+1, 0)
		err = tx.Select(&ids, `SELECT message FROM search_words WHERE message >= ? AND words @@ CAST(? AS tsquery)
			ORDER BY message DESC LIMIT ?`, further, query, x.first)
		if err == nil && len(ids) == x.first {
			further = ids[x.first-1]
		}
		return ids, further, err
	}
	// Order by an expression without an index, so that PostgreSQL does not walk through all
	// messages from the newest on.
	err = tx.Select(&ids, `SELECT message FROM search_words WHERE words @@ CAST(? AS tsquery) AND message < ?
		ORDER BY message + 0 DESC LIMIT ?`, query, below, x.most)
	if err == nil && len(ids) == x.most {
		further = ids[x.most-1]
	}
	return ids, further, err
}

// expression: ('a':A <-> 'b':*A) & 'c':B.
func (tsvector) expression(terms []Term) string {
	out := make([]string, len(terms))
	for i, t := range terms {
		letter := ""
		for _, p := range parts {
			if p.part == t.Part {
				letter = string(p.letter)
			}
		}
		words := make([]string, len(t.Words))
		for j, w := range t.Words {
			star := ""
			if t.Open && j == len(t.Words)-1 {
				star = "*"
			}
			words[j] = "'" + w + "':" + star + letter
		}
		out[i] = "(" + strings.Join(words, " <-> ") + ")"
	}
	return strings.Join(out, " & ")
}

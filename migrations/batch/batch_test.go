package batch_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tierdesk/migrations/batch"
	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

type parent struct {
	ID   int64
	Name string
	Note string
}

type child struct {
	Parent int64
	Word   string
	Value  int64
	Name   string // of the parent
}

type mark struct {
	word  string
	child *int64
}

type childKey struct {
	parent int64
	word   string
}

var (
	parents = &batch.Table[parent]{Name: "parents", Columns: "id, name, note", Append: (*parent).appendTo}
	saved   = &batch.Table[parent]{Name: "parents", Columns: "id, name, note", Append: (*parent).appendTo, KeyColumns: "id", Key: func(p *parent) any { return p.ID }, Update: "note = excluded.note"}

	children = &batch.Table[child]{
		Name: "children", Columns: "parent, word, value", KeyColumns: "parent, word", Update: "value = excluded.value",
		Key:    func(c *child) any { return childKey{c.Parent, c.Word} },
		Append: func(c *child, args []any) []any { return append(args, c.Parent, c.Word, c.Value) },
	}
	marks  = &batch.Table[mark]{Name: "marks", Columns: "word, child", Append: (*mark).appendTo, KeyColumns: "word", Key: func(m *mark) any { return m.word }}
	strict = &batch.Table[mark]{Name: "marks", Columns: "word, child", Append: (*mark).appendTo, KeyColumns: "word", Key: func(m *mark) any { return m.word }, Lost: sqldb.ErrOvertaken}

	byID   = &batch.Query[int64, parent]{Text: parentsBy + `id IN (?) ORDER BY id`, Key: func(p *parent) int64 { return p.ID }, Lock: true}
	byName = &batch.Query[string, parent]{Text: parentsBy + `name IN (?) ORDER BY id`, Key: func(p *parent) string { return p.Name }}
	kids   = &batch.Query[int64, child]{Text: childrenBy, Key: func(c *child) int64 { return c.Parent }}
)

const (
	parentsBy  = `SELECT id, name, note FROM parents WHERE `
	childrenBy = `SELECT c.parent, c.word, c.value, p.name FROM children c JOIN parents p ON p.id = c.parent WHERE c.parent IN (?) ORDER BY c.parent, c.word`
)

func (p *parent) appendTo(args []any) []any { return append(args, p.ID, p.Name, p.Note) }
func (m *mark) appendTo(args []any) []any   { return append(args, m.word, m.child) }

// unit is a unit of work as a package makes one: what is tested here as much as its parts is that the rules by which they are put together are enough.
type unit struct {
	tx       *sqldb.Tx
	parents  batch.Rows[parent]
	saved    batch.Rows[parent]
	children batch.Rows[child]
	marks    batch.Rows[mark]
	strict   batch.Rows[mark]
	byID     batch.Cache[int64, parent]
	byName   batch.Cache[string, parent]
	kids     batch.Cache[int64, child]
}

func of(tx *sqldb.Tx) *unit {
	return sqldb.WorkOf(tx, func(tx *sqldb.Tx) *unit {
		u := &unit{tx: tx, parents: parents.In(tx), saved: saved.In(tx), marks: marks.In(tx), strict: strict.In(tx)}
		u.children = children.In(tx, &u.parents)
		return u
	})
}

func (u *unit) Flush() error {
	for _, r := range []batch.Flusher{&u.children, &u.marks, &u.saved, &u.parents, &u.strict} {
		if err := r.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func (u *unit) Forget() {
	u.byID.Clear()
	u.byName.Clear()
	u.kids.Clear()
}

func (u *unit) Discard() {
	u.parents.Discard()
	u.saved.Discard()
	u.children.Discard()
	u.marks.Discard()
	u.strict.Discard()
	u.Forget()
}

func (u *unit) add(p parent) error {
	u.byID.Forget(p.ID)
	u.byName.Forget(p.Name)
	return u.parents.Add(p)
}

func (u *unit) bear(c child) error {
	u.kids.Forget(c.Parent)
	return u.children.Add(c)
}

// same is for rows of one parent.
func same(id int64) func(*parent) bool { return func(p *parent) bool { return p.ID == id } }

// write has the parent written.
func (u *unit) write(id int64) error {
	return errors.Join(u.parents.FlushIf(same(id)), u.saved.FlushIf(same(id)))
}

// forget forgets what was read of a parent.
func (u *unit) forget(id int64) {
	u.byID.Forget(id)
	u.byName.ForgetIf(same(id))
}

// rename changes a parent where it lies.
func (u *unit) rename(id int64, name, note string) (int64, error) {
	u.forget(id)
	u.byName.Forget(name)
	u.kids.Forget(id) // they know its name
	if p := u.parents.Last(same(id)); p != nil {
		p.Name, p.Note = name, note
		return 1, u.tx.Err()
	}
	if err := u.write(id); err != nil {
		return 0, err
	}
	return u.tx.ByKey().Exec(`UPDATE parents SET name = ?, note = ? WHERE id = ?`, name, note, id)
}

// note changes a parent's note where it lies.
func (u *unit) note(id int64, note string) (int64, error) {
	u.forget(id)
	if p := u.parents.Last(same(id)); p != nil {
		p.Note = note
		return 1, u.tx.Err()
	}
	if err := u.write(id); err != nil {
		return 0, err
	}
	return u.tx.ByKey().Exec(`UPDATE parents SET note = ? WHERE id = ?`, note, id)
}

// save puts the change of a note off.
func (u *unit) save(p parent) error {
	u.forget(p.ID)
	if waiting := u.parents.Last(same(p.ID)); waiting != nil {
		waiting.Note = p.Note
		return u.tx.Err()
	}
	return u.saved.Add(p)
}

// prefetch reads all that can be asked for.
func prefetch(tx *sqldb.Tx, ids []int64) error {
	u := of(tx)
	return errors.Join(batch.Prefetch(tx, &u.byID, byID, ids), batch.Prefetch(tx, &u.byName, byName, []string{"a", "b", "c", "d"}), batch.Prefetch(tx, &u.kids, kids, ids))
}

// prefetched returns which answers there are, and what is there instead of one that is not true.
func prefetched(tx *sqldb.Tx, ids []int64) (seen map[string]bool, wrong []string, err error) {
	seen, u := map[string]bool{}, of(tx)
	compare := func(what string, known bool, rows, there any) {
		if seen[what] = known; known && fmt.Sprint(rows) != fmt.Sprint(there) {
			wrong = append(wrong, fmt.Sprintf("%s: prefetched %v, there are %v", what, rows, there))
		}
	}
	for _, name := range []string{"a", "b", "c", "d"} {
		var there []parent
		if err := tx.SelectIn(&there, byName.Text, []string{name}); err != nil {
			return nil, nil, err
		}
		rows, known := u.byName.Get(name)
		compare("name "+name, known, rows, there)
		if u.byName.Absent(name) && len(there) > 0 {
			wrong = append(wrong, name+" is not absent")
		}
	}
	for _, id := range ids {
		var there []parent
		var born []child
		if err := errors.Join(tx.SelectIn(&there, byID.Text, []int64{id}), tx.SelectIn(&born, kids.Text, []int64{id})); err != nil {
			return nil, nil, err
		}
		rows, known := u.byID.Get(id)
		compare(fmt.Sprint("id ", id), known, rows, there)
		below, known := u.kids.Get(id)
		compare(fmt.Sprint("child ", id), known, below, born)
	}
	return seen, wrong, nil
}

func family(t *testing.T, db *sqldb.DB) {
	id := "INTEGER PRIMARY KEY AUTOINCREMENT"
	if db.Kind() == sqldb.Postgres {
		id = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
	}
	for _, s := range []string{
		"CREATE TABLE parents (id " + id + ", name TEXT NOT NULL, note TEXT NOT NULL, more BIGINT NOT NULL DEFAULT 0)",
		"CREATE TABLE children (parent BIGINT NOT NULL REFERENCES parents (id), word TEXT NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (parent, word))",
		"CREATE TABLE marks (word TEXT PRIMARY KEY, child BIGINT)",
	} {
		if _, err := db.Handle().ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
}

// step is one thing that a transaction does. Parents are told by the order in which they were made.
type step struct {
	what   string
	name   string
	word   string
	parent int
	value  int64
	inner  []step
	fails  bool
}

func steps(depth int) *rapid.Generator[[]step] {
	kinds := []string{"parent", "parent", "child", "child", "child", "mark", "note", "rename", "save", "save", "update", "delete", "raw", "by name", "by two", "by two", "join", "count", "read", "marks", "once", "prefetch", "prefetched", "prefetched"}
	if depth > 0 {
		kinds = append(kinds, "savepoint", "savepoint", "savepoint")
	}
	one := rapid.Custom(func(t *rapid.T) step {
		s := step{what: rapid.SampledFrom(kinds).Draw(t, "what"), name: rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "name"),
			word: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "word"), parent: rapid.IntRange(0, 3).Draw(t, "parent"), value: rapid.Int64Range(0, 9).Draw(t, "value")}
		if s.what == "savepoint" {
			s.inner, s.fails = steps(depth-1).Draw(t, "inner"), rapid.Bool().Draw(t, "fails")
		}
		return s
	})
	return rapid.SliceOfN(one, 0, 20)
}

// life carries out steps, and notes what each read gives.
type life struct {
	tx   *sqldb.Tx
	ids  []int64
	seen []string
}

func (l *life) note(format string, args ...any) {
	l.seen = append(l.seen, fmt.Sprintf(format, args...))
}

func (l *life) do(s step) error {
	tx := l.tx
	var parent0 int64
	if len(l.ids) > 0 {
		parent0 = l.ids[s.parent%len(l.ids)]
	}
	rows := func(find func(dest any, query string, args ...any) error, query string, args ...any) error {
		var out []struct {
			ID    int64
			Name  string
			Note  string
			Value int64
		}
		if err := find(&out, query, args...); err != nil {
			return err
		}
		var lines []string
		for _, r := range out {
			lines = append(lines, fmt.Sprintf("%d %s %s %d", slices.Index(l.ids, r.ID), r.Name, r.Note, r.Value))
		}
		l.note("%s %v: %v", s.what, args[min(len(args), 1):], lines)
		return nil
	}
	u := of(tx)
	switch s.what {
	case "parent":
		id, err := tx.Number("parents", 0)
		if err != nil {
			return err
		}
		if len(l.ids) > 0 && id <= l.ids[len(l.ids)-1] {
			l.note("numbers went back")
		}
		l.ids = append(l.ids, id)
		return u.add(parent{id, s.name, s.word})
	case "child":
		if err := u.write(parent0); err != nil {
			return err
		}
		if found, err := tx.ByKey().Find(new(int), `SELECT 1 FROM parents WHERE id = ?`, parent0); err != nil || !found {
			return err
		}
		return u.bear(child{Parent: parent0, Word: s.word, Value: s.value})
	case "mark":
		return u.marks.Add(mark{s.name, &s.value})
	case "note":
		n, err := u.note(parent0, s.word)
		l.note("note: %d", n)
		return err
	case "rename":
		n, err := u.rename(parent0, s.name, s.word)
		l.note("rename: %d", n)
		return err
	case "save":
		var name string
		if !u.parents.Any(same(parent0)) {
			if err := u.write(parent0); err != nil {
				return err
			}
			if found, err := tx.ByKey().Find(&name, `SELECT name FROM parents WHERE id = ?`, parent0); err != nil || !found {
				return err
			}
		}
		return u.save(parent{parent0, name, s.word})
	case "update":
		n, err := tx.Exec(`UPDATE parents SET name = ? WHERE note = ?`, s.name, s.word)
		l.note("update: %d", n)
		return err
	case "delete":
		if _, err := tx.Exec(`DELETE FROM children WHERE parent = ?`, parent0); err != nil {
			return err
		}
		n, err := tx.Exec(`DELETE FROM parents WHERE id = ?`, parent0)
		l.note("delete: %d", n)
		return err
	case "raw":
		if _, err := tx.Exec(`INSERT INTO parents (name, note) VALUES (?, 'raw')`, s.name); err != nil {
			return err
		}
		var id int64
		err := tx.Get(&id, `SELECT MAX(id) FROM parents`)
		l.ids = append(l.ids, id)
		return err
	case "by name":
		if err := errors.Join(u.saved.Flush(), u.parents.FlushIf(func(p *parent) bool { return p.Name == s.name })); err != nil {
			return err
		}
		return rows(tx.ByKey().Select, `SELECT id, name, note, more AS value FROM parents WHERE name = ? ORDER BY id`, s.name)
	case "by two":
		if err := errors.Join(u.write(parent0), u.children.FlushIf(func(c *child) bool { return c.Parent == parent0 && c.Word == s.word })); err != nil {
			return err
		}
		return rows(tx.ByKey().Select, `SELECT p.id, p.name, p.note, c.value FROM children c JOIN parents p ON p.id = c.parent WHERE c.parent = ? AND c.word = ?`, parent0, s.word)
	case "join": // parents by name, and whatever hangs on them: that is no key of the children
		return rows(tx.Select, `SELECT p.id, p.name, p.note, c.value FROM parents p JOIN children c ON c.parent = p.id WHERE p.name = ? ORDER BY p.id, c.word`, s.name)
	case "count":
		if err := u.children.FlushIf(func(c *child) bool { return c.Word == s.word }); err != nil {
			return err
		}
		n := -1
		err := tx.ByKey().Get(&n, `SELECT COUNT(*) FROM children WHERE word = ?`, s.word)
		l.note("count: %d", n)
		return err
	case "read":
		return rows(tx.SelectIn, `SELECT id, name, note, more AS value FROM parents WHERE name IN (?) ORDER BY id`, []string{"a", "b"})
	case "marks":
		var out []struct {
			Word  string
			Child int64
		}
		err := tx.Select(&out, `SELECT word, COALESCE(child, -1) AS child FROM marks ORDER BY word`)
		l.note("marks: %v", out)
		return err
	case "prefetch":
		return prefetch(tx, l.ids)
	case "prefetched": // by what is there, not by what the other database does: numbers are others there
		_, wrong, err := prefetched(tx, l.ids)
		for _, w := range wrong {
			l.note("%s", w)
		}
		return err
	case "once":
		return tx.Once(s.name, func() error { return u.marks.Add(mark{word: "once " + s.name}) })
	case "savepoint":
		made := len(l.ids)
		fault, err := tx.Savepoint(func() error {
			for _, s := range s.inner {
				if err := l.do(s); err != nil {
					return err
				}
			}
			if s.fails {
				return errors.New("undo it")
			}
			return nil
		})
		if fault != nil {
			l.ids = l.ids[:made] // nobody knows them now
		}
		l.note("savepoint: %v", fault)
		return err
	}
	return fmt.Errorf("no step %q", s.what)
}

func (l *life) all() error {
	for _, s := range []step{{what: "by name", name: "a"}, {what: "by name", name: "b"}, {what: "by name", name: "c"}, {what: "by name", name: "d"}, {what: "marks"}} {
		if err := l.do(s); err != nil {
			return err
		}
	}
	var out []struct {
		Parent int64
		Word   string
		Value  int64
	}
	if err := l.tx.Select(&out, `SELECT parent, word, value FROM children ORDER BY parent, word`); err != nil {
		return err
	}
	for _, c := range out {
		l.note("child of %d: %s %d", slices.Index(l.ids, c.Parent), c.Word, c.Value)
	}
	return nil
}

// TestPutOffIsAsWrittenAtOnce does the same, whatever it is, with rows put off and with rows written at once: what is read on the way and what stands at
// the end must be the same. The examples are always tried; chance tries others.
func TestPutOffIsAsWrittenAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		later, atOnce := g.Open(t), g.Open(t, sqldb.WithoutBatching())
		family(t, later)
		compare := func(fatal func(...any), before, work []step) {
			got, err := live(t.Context(), later, before, work)
			if err != nil {
				fatal("put off: ", err)
			}
			want, err := live(t.Context(), atOnce, before, work)
			if err != nil {
				fatal("at once: ", err)
			}
			if !reflect.DeepEqual(got, want) {
				fatal(fmt.Sprintf("put off:\n%q\nat once:\n%q", got, want))
			}
		}
		for name, work := range examples {
			t.Run(name, func(t *testing.T) { compare(t.Fatal, []step{{what: "parent", name: "a", word: "old"}}, work) })
		}
		t.Run("by chance", func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				compare(r.Fatal, steps(0).Draw(r, "before"), steps(2).Draw(r, "work"))
			})
		})
	})
}

// examples have one for each thing that can be forgotten. Parent 0 is there before.
var examples = map[string][]step{
	"what was absent is written, and asked for": {
		{what: "prefetch"}, {what: "parent", name: "b", word: "x"}, {what: "prefetched"}, {what: "savepoint", inner: []step{{what: "by name", name: "b"}}}, {what: "prefetched"},
	},
	"what was absent gets that name later": {
		{what: "prefetch"}, {what: "rename", parent: 0, name: "b", word: "x"}, {what: "prefetched"},
	},
	"what was absent is written by a statement of its own": {
		{what: "prefetch"}, {what: "raw", name: "b"}, {what: "prefetched"}, {what: "parent", name: "c", word: "x"}, {what: "by name", name: "c"},
	},
	"what was absent is written by an update": {
		{what: "prefetch"}, {what: "update", name: "b", word: "old"}, {what: "prefetched"},
	},
	"numbers between statements of their own": {
		{what: "parent", name: "b", word: "x"}, {what: "raw", name: "c"}, {what: "parent", name: "d", word: "x"}, {what: "by name", name: "d"},
	},
	"a row that waits is looked for": {
		{what: "parent", name: "b", word: "x"}, {what: "by name", name: "b"},
	},
	"a row that waits is read by a plain statement": {
		{what: "parent", name: "b", word: "x"}, {what: "read"},
	},
	"a row that waits is deleted": {
		{what: "parent", name: "b", word: "x"}, {what: "child", parent: 1, word: "x", value: 1}, {what: "delete", parent: 1}, {what: "by name", name: "b"},
	},
	"a row that waits is looked for by two columns": {
		{what: "parent", name: "b", word: "x"}, {what: "child", parent: 1, word: "y", value: 7}, {what: "by two", parent: 1, word: "y"},
	},
	"a row that waits belongs to one that is there": {
		{what: "child", parent: 0, word: "y", value: 7}, {what: "join", name: "a"}, {what: "count", word: "y"},
	},
	"a row that waits is changed": {
		{what: "parent", name: "b", word: "x"}, {what: "note", parent: 1, word: "y"}, {what: "rename", parent: 1, name: "c", word: "z"},
		{what: "by name", name: "b"}, {what: "by name", name: "c"},
	},
	"a row that waits is saved": {
		{what: "parent", name: "b", word: "x"}, {what: "save", parent: 1, word: "y"}, {what: "by name", name: "b"},
	},
	"a row that is there is saved": {
		{what: "save", parent: 0, word: "x"}, {what: "save", parent: 0, word: "y"}, {what: "by name", name: "a"}, {what: "save", parent: 0, word: "x"},
	},
	"what is saved, and changed after that": {
		{what: "save", parent: 0, word: "x"}, {what: "note", parent: 0, word: "y"}, {what: "by name", name: "a"},
	},
	"what is saved in a savepoint that is undone": {
		{what: "save", parent: 0, word: "x"}, {what: "savepoint", fails: true, inner: []step{{what: "save", parent: 0, word: "y"}}}, {what: "by name", name: "a"},
	},
	"rows before a savepoint that is undone": {
		{what: "parent", name: "b", word: "x"}, {what: "mark", name: "one", value: 1}, {what: "savepoint", fails: true, inner: []step{{what: "parent", name: "c", word: "y"}}},
	},
	"rows within a savepoint that is undone": {
		{what: "savepoint", fails: true, inner: []step{{what: "parent", name: "b", word: "x"}, {what: "mark", name: "two", value: 2}}}, {what: "by name", name: "b"}, {what: "marks"},
	},
	"rows within a savepoint that holds": {
		{what: "savepoint", inner: []step{{what: "parent", name: "b", word: "x"}, {what: "child", parent: 1, word: "y", value: 2}}}, {what: "by two", parent: 1, word: "y"},
	},
	"one row takes another's place": {
		{what: "mark", name: "one", value: 1}, {what: "mark", name: "one", value: 2}, {what: "marks"}, {what: "mark", name: "one", value: 3},
	},
	"what is done once, in a savepoint that is undone": {
		{what: "savepoint", fails: true, inner: []step{{what: "once", name: "k"}}}, {what: "once", name: "k"}, {what: "once", name: "k"}, {what: "marks"},
	},
}

// live returns what is seen in a life that begins with empty tables.
func live(ctx context.Context, db *sqldb.DB, before, work []step) ([]string, error) {
	for _, table := range []string{"children", "parents", "marks"} {
		if _, err := db.Handle().Exec("DELETE FROM " + table); err != nil {
			return nil, err
		}
	}
	l := &life{}
	for _, steps := range [][]step{before, work} {
		err := db.Update(ctx, func(tx *sqldb.Tx) error {
			l.tx = tx
			for _, s := range steps {
				if err := l.do(s); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if err := db.View(ctx, func(tx *sqldb.Tx) error { l.tx = tx; return l.all() }); err != nil {
			return nil, err
		}
	}
	return l.seen, nil
}

// TestRowsAreWrittenTogether shows that what is put off is put off: rows of many Adds, and questions by other keys between them, take one statement.
func TestRowsAreWrittenTogether(t *testing.T) {
	var asked []string
	ask := func(query string) error { asked = append(asked, query); return nil }
	dbtest.Each(t, func(t *testing.T, g dbtest.Ground) {
		db := g.Open(t, sqldb.WithFault(ask))
		family(t, db)
		if err := db.Update(t.Context(), func(tx *sqldb.Tx) error { _, err := tx.Number("parents", 0); return err }); err != nil { // the name of the sequence is asked for once
			t.Fatal(err)
		}
		asked = nil
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			u := of(tx)
			tx.Expect(8)
			if err := batch.Prefetch(tx, &u.byName, byName, []string{"1", "2", "3"}); err != nil {
				return err
			}
			for i := range int64(8) {
				id, err := tx.Number("parents", 0)
				if err != nil {
					return err
				}
				if !u.byName.Absent("3") && i < 3 {
					t.Error("the database has to be asked for what it was asked for before")
				}
				if err := errors.Join(u.add(parent{id, fmt.Sprint(i), ""}), u.bear(child{Parent: id, Word: "x", Value: i})); err != nil {
					return err
				}
				if n, err := u.note(id, "later"); err != nil || n != 1 {
					return fmt.Errorf("changed %d rows, error %v", n, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(asked) != 5 { // asked for names, a number, parents, children, COMMIT
			t.Errorf("it took %d statements: %q", len(asked), asked)
		}
	})
}

// TestManyRowsAreAllWritten writes more rows than a statement takes, and more octets.
func TestManyRowsAreAllWritten(t *testing.T) {
	long := strings.Repeat("x", 200<<10)
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		family(t, db)
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			for i := range int64(200) {
				note := "short"
				if i%20 == 0 {
					note = long
				}
				if err := of(tx).add(parent{i + 1, fmt.Sprint("n", i), note}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var n, octets int
		if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
			return errors.Join(tx.Get(&n, `SELECT COUNT(DISTINCT name) FROM parents`), tx.Get(&octets, `SELECT SUM(LENGTH(note)) FROM parents`))
		}); err != nil || n != 200 || octets != 10*len(long)+190*len("short") {
			t.Errorf("%d rows of %d octets, error %v", n, octets, err)
		}
	})
}

// TestALostRaceIsNoFault shows that rows that another transaction wrote first are told as such.
func TestALostRaceIsNoFault(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		family(t, db)
		add := func(tx *sqldb.Tx) error { return of(tx).strict.Add(mark{word: "word"}) }
		if err := db.Update(t.Context(), add); err != nil {
			t.Fatal(err)
		}
		if err := db.Update(t.Context(), add); !errors.Is(err, sqldb.ErrOvertaken) || !sqldb.Unique(err) {
			t.Errorf("error %v", err)
		}
	})
}

// TestLostRowsEndTheTransaction shows that rows that could not be written are missed also by who does not look at the error of the statement
// that would have had to see them: nothing is committed without them, but a savepoint that is rolled back takes the loss with it.
func TestLostRowsEndTheTransaction(t *testing.T) {
	twice := func(tx *sqldb.Tx) error { // the same number twice
		return errors.Join(of(tx).add(parent{1, "a", "first"}), of(tx).add(parent{1, "a", "second"}))
	}
	left := func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`INSERT INTO marks (word) VALUES ('there')`)
		return errors.Join(err, of(tx).strict.Add(mark{word: "there"}))
	}
	known := func(tx *sqldb.Tx) error { // without asking
		return errors.Join(of(tx).strict.Add(mark{word: "new"}), ignore(of(tx).strict.Add(mark{word: "new"})))
	}
	for name, lose := range map[string]func(tx *sqldb.Tx) error{"refused": twice, "left out": left, "left out without asking": known} {
		t.Run(name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
				family(t, db)
				careless := func(tx *sqldb.Tx) error {
					if err := lose(tx); err != nil {
						return fmt.Errorf("too early: %w", err)
					}
					var n int
					ignore(tx.Get(&n, `SELECT COUNT(*) FROM parents`))
					ignore(tx.Get(&n, `SELECT COUNT(*) FROM marks`))
					return ignore(of(tx).marks.Add(mark{word: "after"}))
				}
				err := db.Update(t.Context(), careless)
				if !sqldb.Unique(err) {
					t.Errorf("error %v", err)
				}
				err = db.Update(t.Context(), func(tx *sqldb.Tx) error {
					if err := of(tx).marks.Add(mark{word: "before"}); err != nil {
						return err
					}
					fault, err := tx.Savepoint(func() error { return careless(tx) })
					if !sqldb.Unique(fault) {
						t.Errorf("fault %v", fault)
					}
					return errors.Join(err, of(tx).marks.Add(mark{word: "behind"}))
				})
				if err != nil {
					t.Error(err)
				}
				var words []string
				if err := db.View(t.Context(), func(tx *sqldb.Tx) error {
					return tx.Select(&words, `SELECT word FROM marks UNION SELECT name FROM parents ORDER BY 1`)
				}); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(words, []string{"before", "behind"}) {
					t.Errorf("there is %q", words)
				}
			})
		})
	}
}

// ignore is what nobody should do with an error.
func ignore(error) error { return nil }

// TestAnswersAreForgotten shows which answers are still given after this transaction has written something: none that is untrue, and all others.
func TestAnswersAreForgotten(t *testing.T) {
	ids := []int64{1, 2, 3, 4}
	exec := func(query string, args ...any) func(tx *sqldb.Tx) error {
		return func(tx *sqldb.Tx) error { _, err := tx.Exec(query, args...); return err }
	}
	for name, c := range map[string]struct {
		write func(tx *sqldb.Tx) error
		kept  []string // some of what is still known
	}{
		"nothing": {func(tx *sqldb.Tx) error { return nil }, []string{"name a", "name d", "id 1", "id 4", "child 1", "child 4"}},
		"locked": {func(tx *sqldb.Tx) error {
			return tx.Get(new(int64), `SELECT id FROM parents WHERE id = ? /*pg FOR UPDATE */`, 1)
		}, []string{"name a", "id 1", "id 4", "child 1"}},
		"another table":  {func(tx *sqldb.Tx) error { return of(tx).marks.Add(mark{word: "m"}) }, []string{"name a", "id 1", "child 1"}},
		"inserted":       {func(tx *sqldb.Tx) error { return of(tx).add(parent{4, "a", "new"}) }, []string{"name b", "id 1", "child 1"}},
		"inserted below": {func(tx *sqldb.Tx) error { return of(tx).bear(child{Parent: 1, Word: "z", Value: 1}) }, []string{"name a", "id 1", "child 2"}},
		"replaced below": {func(tx *sqldb.Tx) error { return of(tx).bear(child{Parent: 1, Word: "x", Value: 8}) }, []string{"child 2"}},
		"noted":          {func(tx *sqldb.Tx) error { _, err := of(tx).note(1, "other"); return err }, []string{"name b", "id 2", "child 1"}},
		"renamed":        {func(tx *sqldb.Tx) error { _, err := of(tx).rename(1, "b", "other"); return err }, []string{"id 2", "child 2"}},
		"saved":          {func(tx *sqldb.Tx) error { return of(tx).save(parent{1, "a", "other"}) }, []string{"name b", "id 2"}},
		"updated":        {exec(`UPDATE parents SET name = 'c', note = 'c' WHERE name = 'a'`), nil},
		"deleted":        {exec(`DELETE FROM children WHERE parent = ?`, 1), nil},
		"deleted many": {func(tx *sqldb.Tx) error {
			_, err := tx.ExecIn(`DELETE FROM children WHERE parent IN (?)`, []int64{1, 2})
			return err
		}, nil},
		"undone": {func(tx *sqldb.Tx) error {
			_, err := tx.Savepoint(func() error {
				return errors.Join(of(tx).add(parent{4, "d", "undone"}), of(tx).bear(child{Parent: 4, Word: "x", Value: 4}), prefetch(tx, ids), errors.New("undo it"))
			})
			return err
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
				family(t, db)
				if err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
					u := of(tx)
					return errors.Join(u.add(parent{1, "a", "1"}), u.add(parent{2, "b", "2"}), u.add(parent{3, "a", "3"}), u.bear(child{Parent: 1, Word: "x", Value: 1}), u.bear(child{Parent: 2, Word: "x", Value: 2}))
				}); err != nil {
					t.Fatal(err)
				}
				err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
					if err := errors.Join(prefetch(tx, ids), c.write(tx)); err != nil {
						return err
					}
					seen, wrong, err := prefetched(tx, ids)
					for _, w := range wrong {
						t.Error(w)
					}
					for _, k := range c.kept {
						if !seen[k] {
							t.Errorf("%q was forgotten", k)
						}
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

// TestNothingIsPrefetchedByHalf shows that a question with more rows than it may have gives no answers, rather than some of them.
func TestNothingIsPrefetchedByHalf(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		family(t, db)
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			for i := range int64(1000) {
				if err := of(tx).add(parent{i + 1, "a", "many"}); err != nil {
					return err
				}
			}
			if err := prefetch(tx, []int64{1, 2}); err != nil {
				return err
			}
			if rows, ok := of(tx).byName.Get("a"); ok {
				t.Errorf("%d rows are known", len(rows))
			}
			if _, ok := of(tx).byID.Get(2); !ok {
				t.Error("what has few rows is not known")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

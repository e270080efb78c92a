package sqldb_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"tierdesk/migrations/dbtest"
	"tierdesk/migrations/sqldb"
)

type parentRow struct {
	ID   int64
	Name string
	Note string
}

type childRow struct {
	Parent int64
	Word   string
	Value  int64
	Name   string
}

type namedRow struct {
	ID   int64
	Name string
}

const (
	parentsBy  = `SELECT id, name, note FROM parents WHERE `
	childrenBy = `SELECT c.parent, c.word, c.value, p.name FROM children c JOIN parents p ON p.id = c.parent WHERE c.parent IN (?) ORDER BY c.parent, c.word`
)

var (
	parentQuery = sqldb.NewQuery(parents, "id", parentsBy+`id IN (?) ORDER BY id`, func(p *parentRow) any { return p.ID }).Locking()
	nameQuery   = sqldb.NewQuery(parents, "name", parentsBy+`name IN (?) ORDER BY id`, func(p *parentRow) any { return p.Name })
	namedQuery  = sqldb.NewQuery(parents, "name", `SELECT id, name FROM parents WHERE name IN (?) ORDER BY id`, func(p *namedRow) any { return p.Name }).Reads("id", "name")
	childQuery  = sqldb.NewQuery(children, "parent", childrenBy, func(c *childRow) any { return c.Parent }).Also(parents, "id", func(c *childRow) any { return c.Parent })
)

// foresee asks for everything that the tests look for.
func foresee(tx *sqldb.Tx, ids []int64) error {
	names := []string{"a", "b", "c", "d"}
	return errors.Join(sqldb.Prefetch(tx, parentQuery, ids), sqldb.Prefetch(tx, nameQuery, names), sqldb.Prefetch(tx, namedQuery, names), sqldb.Prefetch(tx, childQuery, ids))
}

// foreseen tells what is foreseen, by the kind of look and its value, and what is there instead, where that is something else.
func foreseen(tx *sqldb.Tx, ids []int64) (seen map[string]bool, wrong []string, err error) {
	seen = map[string]bool{}
	for _, name := range []string{"a", "b", "c", "d"} {
		rows, ok := sqldb.Cached(tx, nameQuery, name)
		var there []parentRow
		if err := tx.SelectIn(&there, parentsBy+`name IN (?) ORDER BY id`, []string{name}); err != nil {
			return nil, nil, err
		}
		if seen["name "+name] = ok; ok && !slices.Equal(rows, there) {
			wrong = append(wrong, fmt.Sprintf("named %s: foreseen %v, there are %v", name, rows, there))
		}
		named, ok := sqldb.Cached(tx, namedQuery, name)
		if seen["named "+name] = ok; ok && !slices.EqualFunc(named, there, func(n namedRow, p parentRow) bool { return n.ID == p.ID }) {
			wrong = append(wrong, fmt.Sprintf("numbers of %s: foreseen %v, there are %v", name, named, there))
		}
	}
	for _, id := range ids {
		rows, ok := sqldb.Cached(tx, parentQuery, id)
		var there []parentRow
		if err := tx.SelectIn(&there, parentsBy+`id IN (?) ORDER BY id`, []int64{id}); err != nil {
			return nil, nil, err
		}
		if seen[fmt.Sprint("id ", id)] = ok; ok && !slices.Equal(rows, there) {
			wrong = append(wrong, fmt.Sprintf("parent %d: foreseen %v, there are %v", id, rows, there))
		}
		kids, ok := sqldb.Cached(tx, childQuery, id)
		var born []childRow
		if err := tx.SelectIn(&born, childrenBy, []int64{id}); err != nil {
			return nil, nil, err
		}
		if seen[fmt.Sprint("child ", id)] = ok; ok && !slices.Equal(kids, born) {
			wrong = append(wrong, fmt.Sprintf("children of %d: foreseen %v, there are %v", id, kids, born))
		}
	}
	return seen, wrong, nil
}

// TestForeseenIsForgotten shows that an answer that was foreseen is not given once this transaction has written what makes it untrue, and that the others are.
func TestForeseenIsForgotten(t *testing.T) {
	ids := []int64{1, 2, 3, 4}
	exec := func(query string, args ...any) func(tx *sqldb.Tx) error {
		return func(tx *sqldb.Tx) error { _, err := tx.Exec(query, args...); return err }
	}
	for name, c := range map[string]struct {
		write func(tx *sqldb.Tx) error
		kept  []string // some of what is still foreseen
	}{
		"nothing":          {func(tx *sqldb.Tx) error { return nil }, []string{"name a", "name d", "named a", "id 1", "id 4", "child 1", "child 4"}},
		"locked":           {exec(`SELECT id FROM parents WHERE id = ? /*pg FOR UPDATE */`, 1), []string{"name a", "named a", "id 1", "id 4", "child 1"}},
		"another table":    {func(tx *sqldb.Tx) error { return tx.Insert(marks, "m", nil) }, []string{"name a", "named a", "id 1", "child 1"}},
		"inserted":         {func(tx *sqldb.Tx) error { return tx.Insert(parents, 4, "a", "new") }, []string{"name b", "named b", "id 1", "child 1"}},
		"inserted below":   {func(tx *sqldb.Tx) error { return tx.Insert(children, 1, "z", 1) }, []string{"name a", "id 1", "child 2"}},
		"replaced below":   {func(tx *sqldb.Tx) error { return tx.Insert(children, 1, "x", 8) }, []string{"child 2"}},
		"amended":          {func(tx *sqldb.Tx) error { _, err := tx.Update(noted, 1, "other"); return err }, []string{"named a", "id 2"}},
		"amended the name": {func(tx *sqldb.Tx) error { _, err := tx.Update(renamed, 1, "b", "other"); return err }, []string{"id 2"}},
		"saved":            {func(tx *sqldb.Tx) error { return tx.Save(saved, int64(1), "a", "other") }, []string{"named a", "id 2"}},
		"updated":          {exec(`UPDATE parents SET name = 'c', note = 'c' WHERE name = 'a'`), nil},
		"deleted":          {exec(`DELETE FROM children WHERE parent = ?`, 1), []string{"name a", "id 1"}},
		"undone": {func(tx *sqldb.Tx) error {
			_, err := tx.Savepoint(func() error {
				return errors.Join(tx.Insert(parents, 4, "d", "undone"), tx.Insert(children, 4, "x", 4), foresee(tx, ids), errors.New("undo it"))
			})
			return err
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
				family(t, db)
				if err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
					return errors.Join(tx.Insert(parents, 1, "a", "1"), tx.Insert(parents, 2, "b", "2"), tx.Insert(parents, 3, "a", "3"), tx.Insert(children, 1, "x", 1), tx.Insert(children, 2, "x", 2))
				}); err != nil {
					t.Fatal(err)
				}
				err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
					if err := errors.Join(foresee(tx, ids), c.write(tx)); err != nil {
						return err
					}
					seen, wrong, err := foreseen(tx, ids)
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

// TestNothingIsForeseenByHalf shows that a question with more rows than it may have gives no answers, rather than some of them.
func TestNothingIsForeseenByHalf(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *sqldb.DB) {
		family(t, db)
		err := db.Update(t.Context(), func(tx *sqldb.Tx) error {
			for i := range int64(1000) {
				if err := tx.Insert(parents, i+1, "a", "many"); err != nil {
					return err
				}
			}
			if err := foresee(tx, []int64{1, 2}); err != nil {
				return err
			}
			if rows, ok := sqldb.Cached(tx, nameQuery, "a"); ok {
				t.Errorf("%d rows are foreseen", len(rows))
			}
			if _, ok := sqldb.Cached(tx, parentQuery, int64(2)); !ok {
				t.Error("what has few rows is not foreseen")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

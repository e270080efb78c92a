package problem

import (
	"fmt"
	"slices"
	"time"

	"tierdesk/migrations/sqldb"
	"tierdesk/tickets"
)

const problemColumns = `id, title, state, workaround, owner`

type problemRow struct {
	ID         int64
	Title      string
	State      string
	Workaround string
	Owner      string
}

func (r *problemRow) problem() tickets.Problem {
	return tickets.Problem{ID: r.ID, Title: r.Title, State: tickets.ProblemState(r.State), Workaround: r.Workaround, Owner: r.Owner}
}

func one(tx *sqldb.Tx, where string, args ...any) (tickets.Problem, bool, error) {
	var r problemRow
	found, err := tx.Find(&r, `SELECT `+problemColumns+` FROM problems WHERE `+where, args...)
	return r.problem(), found, err
}

// lock reads a problem and prevents others from changing it until the transaction ends.
func lock(tx *sqldb.Tx, id int64) (tickets.Problem, bool, error) {
	return one(tx, `id = ? /*pg FOR UPDATE */`, id)
}

// called returns the newest problem with a title that is not done.
func called(tx *sqldb.Tx, folded string) (tickets.Problem, bool, error) {
	return one(tx, `folded = ? AND state NOT IN (?, ?) ORDER BY id DESC LIMIT 1`, folded, string(tickets.Fixed), string(tickets.WontFix))
}

// begin writes a new problem.
func begin(tx *sqldb.Tx, p tickets.Problem, folded string) (id int64, err error) {
	err = tx.Get(&id, `INSERT INTO problems (title, folded, state, owner, opened) VALUES (?, ?, ?, ?, ?) RETURNING id`, p.Title, folded,
		string(p.State), p.Owner, sqldb.At(tx.Now()))
	return id, err
}

// save updates a problem. Once the problem is done, its key is free for another one.
func save(tx *sqldb.Tx, p tickets.Problem) error {
	_, err := tx.Exec(`UPDATE problems SET state = ?, workaround = ?, owner = ?, open_key = CASE WHEN ? = 1 THEN NULL ELSE open_key END WHERE id = ?`,
		string(p.State), p.Workaround, p.Owner, flag(p.State.Done()), p.ID)
	return err
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// standing is a problem with the number of its tickets.
type standing struct {
	problemRow
	Tickets int `db:"tickets"`
}

// open returns problems that are not done, newest first.
func open(tx *sqldb.Tx, limit int) ([]standing, error) {
	var out []standing
	err := tx.Select(&out, `SELECT `+problemColumns+`, (SELECT COUNT(*) FROM problem_tickets AS p JOIN tickets AS t ON t.id = p.ticket
			WHERE p.problem = problems.id AND t.merged_into IS NULL) AS tickets
		FROM problems WHERE state NOT IN (?, ?) ORDER BY id DESC LIMIT ?`, string(tickets.Fixed), string(tickets.WontFix), limit)
	return out, err
}

// of returns the problem of a ticket.
func of(tx *sqldb.Tx, ticket int64) (tickets.Problem, bool, error) {
	return one(tx, `id = (SELECT problem FROM problem_tickets WHERE ticket = ?)`, ticket)
}

// put links a ticket to a problem, in place of another one. told means that the owner knows.
func put(tx *sqldb.Tx, ticket, problem int64, told bool) error {
	_, err := tx.Exec(`INSERT INTO problem_tickets (ticket, problem, told) VALUES (?, ?, ?)
		ON CONFLICT (ticket) DO UPDATE SET problem = excluded.problem, told = excluded.told, informed = 0`, ticket, problem, flag(told))
	return err
}

func takeOut(tx *sqldb.Tx, ticket int64) error {
	_, err := tx.Exec(`DELETE FROM problem_tickets WHERE ticket = ?`, ticket)
	return err
}

// count returns the number of tickets of a problem, without merged ones.
func count(tx *sqldb.Tx, problem int64) (n int, err error) {
	err = tx.Get(&n, `SELECT COUNT(*) FROM problem_tickets AS p JOIN tickets AS t ON t.id = p.ticket
		WHERE p.problem = ? AND t.merged_into IS NULL`, problem)
	return n, err
}

// untold marks the tickets of a problem that its owner has not been told of as told, and returns
// them, oldest first.
func untold(tx *sqldb.Tx, problem int64) ([]int64, error) {
	var out []int64
	if err := tx.Select(&out, `SELECT ticket FROM problem_tickets WHERE problem = ? AND told = 0 ORDER BY ticket`, problem); err != nil {
		return nil, err
	}
	_, err := tx.Exec(`UPDATE problem_tickets SET told = 1 WHERE problem = ? AND told = 0`, problem)
	return out, err
}

// lastTold returns when a problem's owner was last told of new tickets; the zero time for never.
func lastTold(tx *sqldb.Tx, problem int64) (time.Time, error) {
	var at sqldb.Time
	err := tx.Get(&at, `SELECT told FROM problems WHERE id = ?`, problem)
	return at.Time, err
}

func setTold(tx *sqldb.Tx, problem int64) error {
	_, err := tx.Exec(`UPDATE problems SET told = ? WHERE id = ?`, sqldb.At(tx.Now()), problem)
	return err
}

// ---- publications

// publication is a text for every customer of a problem.
type publication struct {
	ID      int64
	Problem int64
	Inbound int64
	Agent   string
	State   string
	Content string
	Solves  int
	Shown   sqldb.Time
}

// States of publications.
const (
	shown = "shown" // shown to its author, who has not written /send
	going = "going"
	done  = "done"
)

const publicationColumns = `id, problem, inbound, agent, state, content, solves, shown`

// publicationIn returns the publication that a mail started.
func publicationIn(tx *sqldb.Tx, inbound int64) (p publication, found bool, err error) {
	found, err = tx.Find(&p, `SELECT `+publicationColumns+` FROM publications WHERE inbound = ? /*pg FOR UPDATE */`, inbound)
	return p, found, err
}

// lockPublication reads a publication, and prevents other daemons from continuing it meanwhile.
func lockPublication(tx *sqldb.Tx, id int64) (p publication, err error) {
	found, err := tx.Find(&p, `SELECT `+publicationColumns+` FROM publications WHERE id = ? /*pg FOR UPDATE */`, id)
	if err == nil && !found {
		err = fmt.Errorf("there is no publication %d", id)
	}
	return p, err
}

// show stores whom a publication is going to reach.
func show(tx *sqldb.Tx, p publication, reach []int64) error {
	var id int64
	if err := tx.Get(&id, `INSERT INTO publications (problem, inbound, agent, state, shown) VALUES (?, ?, ?, ?, ?) RETURNING id`, p.Problem,
		p.Inbound, p.Agent, shown, sqldb.At(tx.Now())); err != nil {
		return err
	}
	for _, ticket := range reach {
		if _, err := tx.Exec(`INSERT INTO publication_tickets (publication, ticket) VALUES (?, ?)`, id, ticket); err != nil {
			return err
		}
	}
	return nil
}

// let stores what is published, and the publication's new state.
func let(tx *sqldb.Tx, p publication) error {
	_, err := tx.Exec(`UPDATE publications SET state = ?, content = ?, solves = ? WHERE id = ?`, p.State, p.Content, p.Solves, p.ID)
	return err
}

// left returns the tickets that a publication has not reached yet.
func left(tx *sqldb.Tx, publication int64) ([]int64, error) {
	var out []int64
	err := tx.Select(&out, `SELECT ticket FROM publication_tickets WHERE publication = ? AND done IS NULL ORDER BY ticket`, publication)
	return out, err
}

// tick marks a ticket as reached by a publication; false if it already was.
func tick(tx *sqldb.Tx, publication, ticket int64) (bool, error) {
	n, err := tx.Exec(`UPDATE publication_tickets SET done = ? WHERE publication = ? AND ticket = ? AND done IS NULL`, sqldb.At(tx.Now()),
		publication, ticket)
	return n > 0, err
}

// instead records that a publication reaches a ticket that one of its own was merged into; false if
// it reaches that ticket anyway.
func instead(tx *sqldb.Tx, publication, ticket int64) (bool, error) {
	n, err := tx.Exec(`INSERT INTO publication_tickets (publication, ticket, done) VALUES (?, ?, ?) ON CONFLICT (publication, ticket) DO NOTHING`,
		publication, ticket, sqldb.At(tx.Now()))
	return n > 0, err
}

// reaches reports whether a publication reaches a ticket.
func reaches(tx *sqldb.Tx, publication, ticket int64) (bool, error) {
	var one int
	return tx.Find(&one, `SELECT 1 FROM publication_tickets WHERE publication = ? AND ticket = ?`, publication, ticket)
}

// spare removes a ticket from those that a publication is going to reach.
func spare(tx *sqldb.Tx, publication, ticket int64) error {
	_, err := tx.Exec(`DELETE FROM publication_tickets WHERE publication = ? AND ticket = ?`, publication, ticket)
	return err
}

// reachesAny reports whether a publication reaches any ticket.
func reachesAny(tx *sqldb.Tx, publication int64) (bool, error) {
	var one int
	return tx.Find(&one, `SELECT 1 FROM publication_tickets WHERE publication = ? LIMIT 1`, publication)
}

// awaiting returns the tickets of a problem that a publication reaches: those that are not done,
// and those whose customers asked to be kept informed.
func awaiting(tx *sqldb.Tx, problem int64) ([]int64, error) {
	var out []int64
	err := tx.Select(&out, `SELECT t.id FROM problem_tickets AS p JOIN tickets AS t ON t.id = p.ticket
		WHERE p.problem = ? AND t.merged_into IS NULL AND t.status NOT IN (?, ?)`, problem, string(tickets.Solved), string(tickets.Closed))
	if err != nil {
		return nil, err
	}
	asked, err := asking(tx, problem)
	out = append(out, asked...)
	slices.Sort(out)
	return slices.Compact(out), err
}

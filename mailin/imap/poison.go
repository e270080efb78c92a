package imap

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"tierdesk/mailin"
	"tierdesk/mailin/ledger"
	"tierdesk/migrations/sqldb"
)

// poison tracks the UIDs with known problems: the connection broke while they were being fetched,
// they came without a body, or the desk could not take them. They are fetched one at a time, after
// all others, so that none of them blocks another.
type poison struct {
	of map[uint32]*suspicion
	// until is when suspects are next requested, after the server has withheld many in a row;
	// rounds counts how often that has happened.
	until  time.Time
	rounds int
}

type suspicion struct {
	attempts int
	due      time.Time // not before
	// parked means that the desk has as much of the mail as could be fetched, as the inbound row
	// part (0: nothing). From then on only the whole mail is useful.
	parked bool
	part   int64
	broke  bool    // the last attempt broke the connection
	facts  fetched // the server's metadata for it, without the body
}

func (p *poison) get(uid uint32) *suspicion {
	if p.of == nil {
		p.of = map[uint32]*suspicion{}
	}
	if p.of[uid] == nil {
		p.of[uid] = &suspicion{}
	}
	return p.of[uid]
}

// suspect adds UIDs to the suspects.
func (p *poison) suspect(uids []uint32) {
	for _, uid := range uids {
		p.get(uid)
	}
}

// load merges what the ledger knows, e.g. from before a restart. A number of attempts that has gone
// down means that somebody has asked for the mail: it is due immediately.
func (p *poison) load(known []ledger.Attempted) {
	parked := map[uint32]bool{}
	for _, k := range known {
		s := p.get(k.UID)
		if s.parked && k.Attempts < s.attempts {
			s.attempts, s.due, p.until = 0, time.Time{}, time.Time{}
		}
		s.attempts = max(s.attempts, k.Attempts)
		s.parked, s.part = k.Parked != 0, k.Part
		parked[k.UID] = s.parked
	}
	for uid, s := range p.of {
		if s.parked && !parked[uid] {
			delete(p.of, uid) // somebody has dropped it
		}
	}
}

// clear removes mails that came through from the suspects.
func (p *poison) clear(mails []mailin.Raw) {
	for _, m := range mails {
		delete(p.of, m.Source.UID)
	}
}

// sort divides the missing mails into those without known problems and those that are due to be
// tried alone. The latter include parked ones, and the least suspect come first. Mails that are
// neither missing nor parked any more are forgotten.
func (p *poison) sort(missing []uint32, now time.Time) (fresh, alone []uint32) {
	still := map[uint32]*suspicion{}
	for _, uid := range missing {
		s := p.of[uid]
		switch {
		case s == nil:
			fresh = append(fresh, uid)
			continue
		case !s.due.After(now):
			alone = append(alone, uid)
		}
		still[uid] = s
	}
	for uid, s := range p.of {
		if s.parked && still[uid] == nil {
			if still[uid] = s; !s.due.After(now) {
				alone = append(alone, uid)
			}
		}
	}
	p.of = still
	if p.until.After(now) {
		alone = nil
	}
	slices.Sort(alone)
	slices.SortStableFunc(alone, func(a, b uint32) int {
		return cmp.Or(order(still[a].parked, still[b].parked), cmp.Compare(still[a].attempts, still[b].attempts))
	})
	return fresh, alone
}

// order compares two booleans: false sorts before true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (p *poison) anyParked() bool {
	for _, s := range p.of {
		if s.parked {
			return true
		}
	}
	return false
}

// due is when the next one may be tried; zero if there is none.
func (p *poison) due() time.Time {
	var t time.Time
	for _, s := range p.of {
		due := s.due
		if due.IsZero() {
			due = time.Unix(0, 1) // immediately
		}
		if t.IsZero() || due.Before(t) {
			t = due
		}
	}
	if !t.IsZero() && t.Before(p.until) {
		return p.until
	}
	return t
}

// ladder is the sequence of requests for a mail that is hard to fetch, one rung for each attempt.
// Each leaves out more of what the server fails to deliver, until there is something to give to the
// desk. A late mail is better than an incomplete one, but people must hear of it eventually.
var ladder = []rung{
	{want: wanted{facts: true, body: allBody}},
	{want: wanted{facts: true, body: allBody}},
	{want: wanted{facts: true, body: allBody}},
	{want: wanted{body: allBody}, lacks: "its date"}, // a malformed INTERNALDATE kills the connection
	{want: wanted{body: cutBody}, lacks: "all but its beginning"},
	{want: wanted{header: true}, lacks: "all but its header", fault: true},
	{lacks: "all of it", fault: true},
}

type rung struct {
	want  wanted
	lacks string
	fault bool // always; otherwise only if the body is cut
}

// rung returns the next request for the mail. For a parked mail only the whole is useful; if asking
// for it breaks the connection, attempts with and without its date alternate.
func (s *suspicion) rung() rung {
	switch {
	case !s.parked:
		return ladder[min(s.attempts, len(ladder)-1)]
	case s.attempts%2 == 0 || !s.broke:
		return ladder[0]
	}
	return rung{want: wanted{body: allBody}}
}

// pause returns how long to wait after a failed attempt. At first the mail is requested every few
// seconds, going down the ladder for about four minutes. Then it is parked, and requested at
// intervals that grow from minutes to an hour, and less often if a request breaks the connection.
func (s *suspicion) pause(cfg *Config) time.Duration {
	if s.attempts < len(ladder) || !s.parked && s.attempts == len(ladder) {
		return backoff(s.attempts, 5*cfg.retryMin, 2*cfg.retryMax)
	}
	n := s.attempts - len(ladder)
	if s.broke {
		return backoff(n+1, 10*cfg.askMin, 6*cfg.askMax)
	}
	d := cfg.askMin
	for ; n > 0 && d < cfg.askMax; n-- {
		d += d / 4
	}
	return backoff(1, min(d, cfg.askMax), cfg.askMax)
}

// maxWithheld is how many mails in a row the server may withhold before the rest are postponed:
// then the fault is the server's.
const maxWithheld = 5

// fetchSuspects tries suspects one at a time.
func (w *watch) fetchSuspects(stop, work context.Context, uids []uint32) error {
	if len(uids) == 0 && len(w.poison.of) == 0 && w.poison.rounds > 0 {
		w.poison.rounds = 0
		w.f.setStatus(w.index, func(s *FolderStatus) { s.Error = "" })
	}
	withheld := 0
	for _, uid := range uids {
		if stop.Err() != nil {
			return nil
		}
		came, err := w.fetchAlone(work, uid)
		if err != nil {
			return err
		}
		if came {
			withheld, w.poison.rounds = 0, 0
			continue
		}
		if withheld++; withheld == maxWithheld && len(uids) > maxWithheld {
			w.poison.rounds++
			wait := backoff(w.poison.rounds, 5*w.f.cfg.retryMin, w.f.cfg.retryMax)
			w.poison.until = time.Now().Add(wait)
			w.log.Warn("the server withholds mails", "waiting", len(uids), "next", wait.Round(time.Second))
			w.f.setStatus(w.index, func(s *FolderStatus) { s.Error = fmt.Sprintf("the server withholds %d mails", len(uids)) })
			return nil
		}
	}
	return nil
}

// fetchAlone tries one suspect, and reports whether it came or is gone. An error means that the
// connection is lost or the work is over.
func (w *watch) fetchAlone(ctx context.Context, uid uint32) (came bool, err error) {
	s := w.poison.get(uid)
	step := s.rung()
	// If not even NOOP succeeds, the connection is at fault and not the mail.
	if err := w.s.noop(ctx); err != nil {
		return false, err
	}
	m := &s.facts
	if step.want != (wanted{}) {
		if m, err = w.fetchStep(ctx, uid, step); err != nil {
			if ctx.Err() != nil {
				return false, err
			}
			return false, w.withheld(ctx, uid, err)
		}
		if m == nil {
			w.log.Info("a mail is gone from the folder", "uid", uid)
			delete(w.poison.of, uid)
			return true, w.f.db.Update(ctx, func(tx *sqldb.Tx) error { return ledger.Forget(tx, w.box.ID, uid) })
		}
	}
	fault := ""
	if step.fault || step.lacks != "" && m.cut {
		fault = fmt.Sprintf("the mail server has not given %s: folder %s, UID %d. It is asked again from time to time",
			step.lacks, w.folder.Name, uid)
		m.cut = true
	}
	mail := w.raw(uid, m, fault)
	mail.Source.Part, mail.Supersedes = fault != "", s.part
	o, err := w.handOver(ctx, []mailin.Raw{mail}, nil)
	if err != nil || len(o.taken) == 0 {
		return true, errors.Join(err, w.recordOutcome(ctx, o, true))
	}
	if fault != "" {
		w.latest = later(w.latest, o.latest)
		return false, w.park(ctx, uid, fault) // the only whole copy is on the server: it stays where it is
	}
	if step.lacks == ladder[3].lacks && s.broke {
		w.dateless()
	}
	if s.parked {
		w.log.Info("a mail that was set aside has come after all", "uid", uid, "attempts", s.attempts+1)
	}
	delete(w.poison.of, uid)
	return true, w.recordOutcome(ctx, o, true)
}

// fetchStep requests a mail, or as much of it as a rung of the ladder specifies. It returns nil if
// the mail is gone from the folder.
func (w *watch) fetchStep(ctx context.Context, uid uint32, step rung) (*fetched, error) {
	want := step.want
	want.most = min(w.f.cfg.MaxSize, max(want.body, cutBody))
	if want.body == allBody {
		want.body = w.f.cfg.MaxSize + 1 // one more, to detect a mail that is too large
	}
	got, err := w.s.fetch(ctx, []uint32{uid}, want)
	s := w.poison.get(uid)
	if err == nil && !got[uid].hasBody() {
		s.learn(got[uid])
		var there bool
		if got, there, err = w.fetchByNumber(ctx, uid, want); err == nil && !there && !s.parked {
			return nil, nil
		}
	}
	if err == nil && !got[uid].hasBody() {
		s.learn(got[uid])
		err = errNoBody
	}
	if err != nil {
		return nil, err
	}
	m := got[uid]
	if m.received.IsZero() {
		m.received = s.facts.received
	}
	m.size = max(m.size, s.facts.size)
	if !want.header {
		m.trim(want.body)
	}
	return m, nil
}

// learn keeps the metadata that the server reports for a mail it does not deliver.
func (s *suspicion) learn(m *fetched) {
	if m == nil {
		return
	}
	s.facts.size = max(s.facts.size, m.size)
	if !m.received.IsZero() {
		s.facts.received = m.received
	}
}

var errNoBody = errors.New("the server gives no body")

// fetchByNumber fetches a mail by its sequence number: some servers send the UID only after the
// body, where go-imap does not look for it. It reports whether the mail exists at all.
func (w *watch) fetchByNumber(ctx context.Context, uid uint32, want wanted) (got map[uint32]*fetched, there bool, err error) {
	var numbers []uint32
	err = w.s.do(ctx, "searching", 0, func(func(int)) error {
		data, err := w.s.c.Search(&imap.SearchCriteria{UID: []imap.UIDSet{imap.UIDSetNum(imap.UID(uid))}}, nil).Wait()
		if err != nil {
			return err
		}
		set, _ := data.All.(imap.SeqSet)
		for _, r := range set {
			numbers = append(numbers, r.Start)
		}
		return nil
	})
	if err != nil || len(numbers) == 0 {
		return nil, false, err
	}
	got, err = w.s.fetchSet(ctx, imap.SeqSetNum(numbers[0]), want)
	return got, true, err
}

// withheld records that the server did not deliver a mail. It returns the cause if that broke the
// connection, otherwise nil.
func (w *watch) withheld(ctx context.Context, uid uint32, cause error) error {
	s := w.poison.get(uid)
	s.broke = !errors.Is(cause, errNoBody) && !refused(cause)
	if s.parked {
		w.log.Debug("a mail that was set aside still cannot be fetched", "uid", uid, "attempt", s.attempts+1, "error", cause)
	} else {
		w.log.Warn("a mail could not be fetched", "uid", uid, "attempt", s.attempts+1, "error", cause)
	}
	if err := w.failed(ctx, uid, cause); err != nil {
		return err
	}
	if s.broke {
		return cause
	}
	return nil
}

// failed records a failed attempt. Once the ladder's rungs are exhausted, the mail is parked.
func (w *watch) failed(ctx context.Context, uid uint32, cause error) error {
	var attempts int
	err := w.f.db.Update(ctx, func(tx *sqldb.Tx) error {
		var err error
		attempts, err = ledger.RecordAttempt(tx, w.box.ID, uid, cause.Error())
		return err
	})
	if err != nil {
		return err
	}
	s := w.poison.get(uid)
	s.attempts = max(s.attempts+1, attempts)
	if s.parked && attempts > 0 {
		s.attempts = attempts // somebody may have asked for it meanwhile
	}
	s.due = time.Now().Add(s.pause(&w.f.cfg))
	if s.attempts > len(ladder) && !s.parked {
		return w.park(ctx, uid, cause.Error())
	}
	return nil
}

// park sets a mail aside in its folder; it is still requested from time to time.
func (w *watch) park(ctx context.Context, uid uint32, reason string) error {
	if err := w.f.db.Update(ctx, func(tx *sqldb.Tx) error { return ledger.Park(tx, w.box.ID, uid, reason) }); err != nil {
		return err
	}
	s := w.poison.get(uid)
	s.parked, s.attempts = true, max(s.attempts, len(ladder))
	s.due = time.Now().Add(s.pause(&w.f.cfg))
	w.handled[uid] = true
	w.log.Error("parked a mail: it stays in its folder, and is requested again from time to time", "uid", uid, "reason", reason)
	w.f.setStatus(w.index, func(s *FolderStatus) { s.Parked++ })
	return nil
}

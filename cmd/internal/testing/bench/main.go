// Command bench is the load program: it fills a private Dovecot with generated mails, has the
// daemon take them in and send the acknowledgements to a sink, and prints how fast that was, beside
// how fast mbsync pulls the same mailbox on the same machine. It owns the generated mails, the
// processes around the daemon and the measurements. It must never reach into the daemon: it
// measures what cmd/internal/app makes from a desk folder, in a separate process.
//
//	go run ./cmd/internal/testing/bench [-n 20000] [-db sqlite|postgres] [-runs 5] [-agents 0] [-day] [-quick] [-cpuprofile FILE]
//	go run ./cmd/internal/testing/bench -history 1000000 [-n 20000] [-db sqlite|postgres]
//	go run ./cmd/internal/testing/bench -daemons -db postgres [-n 20000] [-runs 5]
//	go run ./cmd/internal/testing/bench -against FILE [-full] [-n 20000] [-db sqlite|postgres] [-runs 5]
//	go run ./cmd/internal/testing/bench -full [-n 20000] [-db sqlite|postgres] [-runs 5]
//
// With -day the mails are those of a real day: three agents are told of each ticket, a fifth of the
// mails are agents' answers, notes and commands, and words are put into the index meanwhile. Half
// as many mails are there from the day before.
//
// The second measures the rate with a large database against that with a small one, the third two
// daemons against one, the fourth the daemon of another bench against this one's, by turns; with
// -full both have the full desk. The fifth measures a desk that has every capability configured
// (folder full) against the plain one, and both against mbsync, by turns.
//
// It needs Dovecot 2.3 and, for the comparison, mbsync (Debian: dovecot-imapd dovecot-lmtpd isync).
// Whatever it starts ends with it. docs/performance.md tells how to read what it prints.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"

	"tierdesk/cmd/internal/testing/servers"
	"tierdesk/migrations/sqldb"
)

// options are the options of the command line.
type options struct {
	mails    int
	db       sqldb.Kind
	runs     int
	agents   int
	day      bool   // agents answer, and the search index is kept up to date
	profile  string // of the daemon during intake; "" for none
	messages int    // messages in the large database; 0: this is not measured
	daemons  bool   // two against one
	against  string // the bench of another version of the code; "": this is not measured
	full     bool   // the desk with every capability configured, against the plain one
	counts
}

// counts are the numbers of mails for the measurements other than the bulk.
type counts struct {
	near, far   int // mails for the latency: through the embedded server, through Dovecot
	idleSeconds int
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == childArg {
		if err := childMain(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "bench: daemon:", err)
			os.Exit(1)
		}
		return
	}
	o := options{counts: counts{near: 200, far: 40, idleSeconds: 20}}
	db := flag.String("db", "sqlite", "sqlite or postgres (TIERDESK_TEST_POSTGRES, else a private server that waits for the disk)")
	flag.IntVar(&o.mails, "n", 20_000, "how many mails")
	flag.IntVar(&o.runs, "runs", 5, "how many runs; medians are printed")
	flag.IntVar(&o.agents, "agents", 0, "how many agents get a notice of each new ticket")
	flag.BoolVar(&o.day, "day", false, "a real day: 3 agents are told of each ticket, a fifth of the mails is theirs, and search is on")
	flag.IntVar(&o.messages, "history", 0, "measure only the rate with so many messages in the database against that with 10,000")
	flag.BoolVar(&o.daemons, "daemons", false, "measure only two daemons against one, on PostgreSQL with four inboxes")
	flag.StringVar(&o.against, "against", "",
		"measure only, by turns, the daemon of this bench (built from another state of the code) and our own")
	flag.BoolVar(&o.full, "full", false,
		"measure only, by turns, the plain desk and one that has every capability configured, beside mbsync; with -against: the full desk of both")
	flag.StringVar(&o.profile, "cpuprofile", "", "write the daemon's profile during intake to this file, and that during sending beside it")
	quick := flag.Bool("quick", false, "2,000 mails, one run, short latency and idle: to see whether it works")
	flag.Parse()
	if *quick {
		o.mails, o.runs, o.counts = min(o.mails, 2_000), 1, counts{near: 20, far: 4, idleSeconds: 3}
	}
	if o.day && o.agents == 0 {
		o.agents = 3
	}
	o.db = sqldb.Kind(*db)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	switch {
	case o.db != sqldb.SQLite && o.db != sqldb.Postgres:
		return fmt.Errorf("-db is sqlite or postgres, not %q", o.db)
	case o.mails < 1 || o.runs < 1 || o.agents < 0 || o.agents > 50:
		return errors.New("-n and -runs are at least 1, -agents from 0 to 50")
	case o.messages > 0 && (o.messages <= base || o.mails < base+100):
		return fmt.Errorf("-history is more than %d, and -n at least %d", base, base+100)
	case o.daemons && o.db != sqldb.Postgres:
		return errors.New("only on PostgreSQL do several daemons share a database: -daemons needs -db postgres")
	case o.day && (o.messages > 0 || o.daemons):
		return errors.New("-history and -daemons have no agents: without -day")
	case o.against != "" && (o.messages > 0 || o.daemons):
		return errors.New("-against measures nothing else: without -history and -daemons")
	case o.full && (o.messages > 0 || o.daemons || o.day || o.agents > 0):
		return errors.New("-full has agents of its own and measures nothing else: without -history, -daemons, -day and -agents")
	case flag.NArg() > 0:
		return fmt.Errorf("what is %q?", flag.Arg(0))
	}
	for _, path := range []*string{&o.profile, &o.against} {
		if *path == "" {
			continue
		}
		if *path, err = filepath.Abs(*path); err != nil {
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	ground := &ground{}
	defer func() { err = errors.Join(err, ground.end()) }()
	defer ground.caught(&err)
	folder, err := os.MkdirTemp("", "tierdesk-bench-")
	if err != nil {
		return err
	}
	ground.Cleanup(func() { ground.note(os.RemoveAll(folder)) })
	b := &bench{options: o, ctx: ctx, ground: ground, dir: folder, program: self}
	if !o.day { // those of a day are made for each run, since agents answer what its desk has written
		fmt.Fprintf(os.Stderr, "making %d mails\n", o.mails)
		if b.made, err = newMails().write(filepath.Join(folder, "mails"), 0, o.mails); err != nil {
			return err
		}
	}
	b.dovecot = servers.Dovecot(ground, b.users()...)
	if b.database, err = newDatabases(ctx, o.db, folder); err != nil {
		return err
	}
	if o.messages > 0 || o.daemons || o.against != "" || o.full {
		return b.apart()
	}
	before := load()
	var all []figures
	for i := range o.runs {
		f, err := b.run(i)
		if err != nil {
			return fmt.Errorf("run %d: %w", i+1, err)
		}
		fmt.Fprintf(os.Stderr, "run %d of %d: %s\n", i+1, o.runs, f.line())
		all = append(all, f)
	}
	fmt.Print(report(o, b.made, before, load(), all))
	return nil
}

// apart runs the measurements that are requested by a flag.
func (b *bench) apart() error {
	before := load()
	var out string
	var err error
	switch {
	case b.messages > 0:
		out, err = b.history(b.messages)
	case b.against != "" || b.full:
		out, err = b.compare()
	default:
		out, err = b.several()
	}
	if err != nil {
		return err
	}
	fmt.Printf("%s%d cores, load %.1f before and %.1f after\n", out, runtime.NumCPU(), before, load())
	return nil
}

// median returns the median of numbers; of an even count, the lower of the two in the middle.
func median[T int64 | float64](all []T) T {
	all = slices.Sorted(slices.Values(all))
	return all[(len(all)-1)/2]
}

// Package cli is the command line: one file a command. It owns what a person or a script sees:
// texts, tables, JSON, hints and exit codes; docs/commands.md is generated from it. It must never
// decide anything about mail: it calls the packages below, through app where a whole desk is
// needed, and shows their results.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"tierdesk/migrations/sqldb"
	"tierdesk/rules/fault"
)

// Exit codes. 65 and 75 are those of sysexits.h, which mail servers know.
const (
	exitOK      = 0
	exitFailed  = 1  // a finding, a fault in the files, or something did not work
	exitUsage   = 2  // the command line is wrong
	exitData    = 65 // deliver: the input is not a mail that the desk could keep
	exitTryLate = 75 // deliver: not now, try again later
	exitCut     = 130
)

// grammar is the grammar of the command line.
type grammar struct {
	Demo    demoCmd    `cmd:"" group:"begin" help:"Try a whole desk with its own mail server: a guided tour, then your own mail client."`
	Init    initCmd    `cmd:"" group:"begin" help:"Write a commented desk folder."`
	Check   checkCmd   `cmd:"" group:"begin" help:"Check every file; with --connect, the mail servers and the database too."`
	Run     runCmd     `cmd:"" group:"begin" help:"Run the daemon."`
	Inspect inspectCmd `cmd:"" group:"mail" help:"Show what the desk reads in a mail."`
	Explain explainCmd `cmd:"" group:"mail" help:"Show what would happen if this mail came in now; changes nothing."`
	Deliver deliverCmd `cmd:"" group:"mail" help:"Take in one mail from standard input, for a mail server's pipe transport."`

	Rules    rulesCmd    `cmd:"" group:"files" help:"Routing rules: test, list, replay."`
	Form     formCmd     `cmd:"" group:"files" help:"The forms that requesters fill in: list, preview."`
	Template templateCmd `cmd:"" group:"files" help:"The mails that the desk writes: list, show, preview."`
	KB       kbCmd       `cmd:"" name:"kb" group:"files" help:"The knowledge base: list, suggest, solved."`
	Sieve    sieveCmd    `cmd:"" group:"files" help:"Print a Sieve script that files an agent's notices by what they are about."`

	Ticket     ticketCmd     `cmd:"" group:"desk" help:"Tickets: list, show, log, raw; assign, team, tier, priority, close."`
	Outbox     outboxCmd     `cmd:"" group:"desk" help:"Outgoing mail: list, show, retry, drop."`
	Quarantine quarantineCmd `cmd:"" group:"desk" help:"Mail that was set aside: list, show, release, drop."`
	Timer      timerCmd      `cmd:"" group:"desk" help:"What happens next, and when: list."`
	Doctor     doctorCmd     `cmd:"" group:"desk" help:"Look for anything that is wrong; exits with 1 on a finding."`

	Migrate migrateCmd `cmd:"" group:"database" help:"Bring the database up to this program's schema."`
	Backup  backupCmd  `cmd:"" group:"database" help:"Copy the whole desk into one file, while it runs."`
	Restore restoreCmd `cmd:"" group:"database" help:"Replace the database with a backup."`
	Keys    keysCmd    `cmd:"" group:"database" help:"The keys that sign reply addresses and Message-IDs: rotate."`

	Version versionCmd `cmd:"" group:"words" help:"Print the version."`
	Help    helpCmd    `cmd:"" group:"words" help:"Explain a command, for example: tierdesk help ticket show."`
}

const description = `A help desk that lives in the mailbox.

Exit codes: 0 all is well; 1 a finding, a fault, or it did not work; 2 the command line is wrong; 130 stopped by a signal before the work was done; deliver: 65 no mail, 75 try again later.`

func groups() []kong.Group {
	return []kong.Group{
		{Key: "begin", Title: "Getting started"},
		{Key: "mail", Title: "A single mail"},
		{Key: "files", Title: "The desk folder"},
		{Key: "desk", Title: "The desk at work"},
		{Key: "database", Title: "The database"},
		{Key: "words", Title: "About"},
	}
}

// inFolder is for commands that work on a desk folder.
type inFolder struct {
	Dir string `short:"C" name:"desk" default:"." env:"TIERDESK_DESK" placeholder:"DIR" help:"The desk folder (default: the current one)."`
}

// asJSON is for commands that can print JSON.
type asJSON struct {
	JSON bool `name:"json" help:"Print JSON, for programs."`
}

// failure is an error with a hint for the user and an exit code.
type failure struct {
	error
	hint string
	code int
}

func (f failure) Unwrap() error { return f.error }

// hinted adds a hint to an error.
func hinted(err error, hint string, args ...any) error {
	return failure{error: err, hint: fmt.Sprintf(hint, args...), code: exitFailed}
}

// errFindings ends a command that has already printed what is wrong.
var errFindings = errors.New("there are findings")

// exited is thrown by kong where it would end the program.
type exited int

// Main runs one command and returns the exit code. It may be called only once, since it handles
// signals.
func Main(args []string, in io.Reader, out, errOut io.Writer) (code int) {
	e := newEnv(in, out, errOut)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	e.ctx = ctx
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel() // the command finishes its current work
		<-signals
		os.Exit(exitCut)
	}()
	if delivering(args) {
		// A mail server bounces the mail on any other exit code.
		defer func() {
			if p := recover(); p != nil {
				fmt.Fprintf(errOut, "tierdesk: %v\n", p)
				code = exitTryLate
			}
			if code != exitOK && code != exitData {
				code = exitTryLate
			}
		}()
	}
	return e.command(args)
}

func delivering(args []string) bool { return len(args) > 0 && args[0] == "deliver" }

// command parses and runs.
func (e *env) command(args []string) (code int) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case exited:
			code = int(p)
		default:
			panic(p)
		}
	}()
	g := &grammar{}
	k, err := e.kong(g)
	if err != nil {
		return e.fail(err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	if args[0] == "--version" {
		args[0] = "version" // as every other program has it
	}
	parsed, err := k.Parse(args)
	if err != nil {
		fmt.Fprintf(e.err, "tierdesk: %s\n", err)
		fmt.Fprintf(e.err, "hint: %s\n", usageHint(err))
		return exitUsage
	}
	return e.fail(parsed.Run(e))
}

// kong makes the parser.
func (e *env) kong(g *grammar) (*kong.Kong, error) {
	return kong.New(g, kong.Name("tierdesk"), kong.Description(description), kong.Writers(e.out, e.err),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 110}),
		kong.ExplicitGroups(groups()), kong.Bind(e))
}

func usageHint(err error) string {
	var p *kong.ParseError
	if errors.As(err, &p) && p.Context != nil {
		if n := p.Context.Selected(); n != nil {
			return "tierdesk help " + strings.TrimPrefix(n.FullPath(), "tierdesk ")
		}
	}
	return "tierdesk help"
}

// fail prints an error and returns the exit code.
func (e *env) fail(err error) int {
	if err == nil {
		return exitOK
	}
	code, hint := exitFailed, ""
	var f failure
	if errors.As(err, &f) {
		code, hint = f.code, f.hint
	}
	var faults fault.List
	switch {
	case errors.Is(err, errFindings):
		return code
	case errors.As(err, &faults):
		e.faults(faults)
		if hint == "" && slices.ContainsFunc(faults, func(f fault.Fault) bool { return f.Hint == "" }) {
			hint = "tierdesk check -C DIR tells all faults of a desk folder"
		}
	case errors.Is(err, context.Canceled) && e.ctx.Err() != nil:
		fmt.Fprintln(e.err, "tierdesk: stopped")
		return exitCut
	default:
		fmt.Fprintf(e.err, "%s %s\n", e.onErr(red, "tierdesk:"), safeText(err.Error()))
	}
	var file *fs.PathError // named on the command line: it says all itself
	switch {
	case hint != "" || sqldb.Damaged(err) || errors.Is(err, context.Canceled) || errors.As(err, &file):
	case sqldb.Full(err):
		hint = "make room on the disk of the database and try again"
	case sqldb.Temporary(err):
		hint = "the database is away or busy; tierdesk doctor looks closer"
	}
	if hint != "" {
		fmt.Fprintf(e.err, "%s %s\n", e.onErr(bold, "hint:"), hint)
	}
	return code
}

// faults prints the faults of the files to the error output.
func (e *env) faults(list fault.List) {
	for _, f := range list {
		fmt.Fprintf(e.err, "%s: %s\n", e.onErr(bold, f.Place.String()), safeText(f.Text))
		if f.Hint != "" {
			fmt.Fprintf(e.err, "    %s %s\n", e.onErr(faint, "hint:"), safeText(f.Hint))
		}
	}
}

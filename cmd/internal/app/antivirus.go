package app

import (
	"context"
	"time"

	"tierdesk/cmd/internal/config"
	"tierdesk/cmd/internal/ops"
	"tierdesk/mailin/clamd"
	"tierdesk/tickets/phrase"
)

// scanner returns the client of clamd, nil if the desk has none.
func scanner(m *config.Main, again time.Duration) *clamd.Client {
	v := &m.Antivirus
	if v.Address == "" {
		return nil
	}
	return clamd.New(clamd.Config{Network: v.Network, Address: v.Address, Timeout: v.Timeout, Again: again})
}

// watchScanner keeps track of whether clamd answers. At the start, and when clamd is back, it has
// the mails scanned that wait for it.
func (a *App) watchScanner(ctx context.Context) {
	if a.Scanner == nil {
		return
	}
	again := func(s clamd.Status) {
		if s.Away {
			a.log.Warn("the virus scanner does not answer", "clamd", a.Scanner.Address(), "unscanned_mails_go_to_quarantine",
				a.Config.Main.Antivirus.Quarantine, "error", s.Reason)
			return
		}
		a.log.Info("the virus scanner answers again", "clamd", a.Scanner.Address(), "version", s.Version)
		a.scanAgain(ctx)
	}
	a.scanAgain(ctx)
	a.Scanner.Run(ctx, again)
}

func (a *App) scanAgain(ctx context.Context) {
	if !a.Config.Main.Antivirus.Quarantine || a.StandsBy() != nil {
		return
	}
	n, err := a.Desk.ScanAgain(ctx)
	if n > 0 {
		a.log.Info("mails that waited for the virus scanner have been processed", "mails", n)
	}
	if err != nil && ctx.Err() == nil {
		a.log.Error("not all mails that wait for the virus scanner could be scanned", "error", err)
	}
}

// scannerProblem returns a problem if clamd does not answer. Mail is processed all the same.
func (a *App) scannerProblem() []ops.Problem {
	if a.Scanner == nil {
		return nil
	}
	s := a.Scanner.Status()
	if !s.Away {
		return nil
	}
	what := phrase.Say("Mails are taken in without it.")
	if a.Config.Main.Antivirus.Quarantine {
		what = phrase.Say("Mails wait in quarantine for it.")
	}
	return []ops.Problem{{Key: "virus scanner", Text: s.Reason + ". " + what.English(), Since: a.DB.Now().Add(-time.Since(s.Since)),
		Minor: true, ByMail: &ops.Words{What: phrase.Say("The virus scanner does not answer"),
			Why: []phrase.Text{phrase.Verbatim(s.Reason), what}}}}
}

package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/coreos/go-systemd/v22/daemon"

	"tierdesk/cmd/internal/app"
	"tierdesk/cmd/internal/config"
)

type runCmd struct {
	inFolder
	LogLevel  string `name:"log-level" enum:"debug,info,warn,error" default:"info" help:"What is logged: debug, info, warn or error."`
	LogFormat string `name:"log-format" enum:"auto,text,json" default:"auto" help:"text, json, or auto: text on a terminal, else JSON."`
}

// Help is shown by `tierdesk help run`.
func (runCmd) Help() string {
	return `Watches the inboxes, decides, keeps the desk's promises and sends mail until it is stopped. SIGTERM or SIGINT stops it once the mails in hand are finished; a second signal stops it at once. SIGHUP makes it read the desk folder again, as saving one of the files does: the new files take effect all together or, if there is a fault in one, not at all.

Under systemd (Type=notify) it reports when it is ready, reloading and stopping, and feeds the watchdog for as long as the database answers.

On SQLite a second daemon is refused; on PostgreSQL any number of them share the work. On start the database is migrated to this program's schema. The log goes to standard error.

Exit codes: 0 stopped by a signal; 1 it could not start, or had to give up.`
}

// Run runs the daemon.
func (c *runCmd) Run(e *env) error {
	log := e.logger(c.LogLevel, c.LogFormat)
	cfg, err := config.Load(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	for _, w := range cfg.Warnings {
		log.Warn(w.Text, "place", w.Place.String(), "hint", w.Hint)
	}
	a, err := app.New(e.ctx, cfg, log, app.Exclusive())
	if errors.Is(err, app.ErrRunning) {
		return hinted(err, "tierdesk doctor looks at a desk that runs; several daemons need PostgreSQL")
	}
	if err != nil && e.ctx.Err() != nil {
		log.Info("stopped while the desk was starting")
		return nil // as asked: no failure of the service
	}
	if err != nil {
		return err
	}
	defer a.Close()
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)
	defer signal.Stop(reload)
	go func() {
		for {
			select {
			case <-e.ctx.Done():
				return
			case <-reload:
				notifySystemd(log, daemon.SdNotifyReloading)
				a.TryReload(e.ctx)
				notifySystemd(log, daemon.SdNotifyReady)
			}
		}
	}()
	inboxes := make([]string, len(cfg.Main.Inboxes))
	for i, in := range cfg.Main.Inboxes {
		inboxes[i] = in.Address
	}
	log.Info("the desk runs", "version", version().Version, "desk", cfg.Dir, "inboxes", inboxes, "hash", cfg.Hash)
	notifySystemd(log, daemon.SdNotifyReady)
	go watchdog(e.ctx, a.DB, log)
	stopping := context.AfterFunc(e.ctx, func() { notifySystemd(log, daemon.SdNotifyStopping) })
	defer stopping()
	if err := a.Run(e.ctx); err != nil { // health, metrics and alarms are part of the app, which knows what to watch
		return err
	}
	log.Info("the desk has stopped")
	return a.Close()
}

func (e *env) logger(level, format string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		panic("cli: a level that kong let pass: " + level)
	}
	o := &slog.HandlerOptions{Level: l}
	if format == "text" || format == "auto" && e.errTerminal {
		return slog.New(slog.NewTextHandler(e.err, o))
	}
	o.ReplaceAttr = func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindDuration {
			a.Value = slog.StringValue(a.Value.Duration().String()) // 1m30s, as in text, and not the nanoseconds
		}
		return a
	}
	return slog.New(slog.NewJSONHandler(e.err, o))
}

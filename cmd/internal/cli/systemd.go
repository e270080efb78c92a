package cli

import (
	"context"
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"tierdesk/migrations/sqldb"
)

// notifySystemd sends the state of the service to systemd, if it runs under systemd (sd_notify(3)).
// Errors are only logged.
func notifySystemd(log *slog.Logger, state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		log.Warn("systemd could not be notified", "state", state, "error", err)
	}
}

// watchdog feeds systemd's watchdog at the interval that systemd asks for, as long as the database
// answers.
func watchdog(ctx context.Context, db *sqldb.DB, log *slog.Logger) {
	every, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("systemd's watchdog could not be fed", "error", err)
	}
	if err != nil || every <= 0 {
		return
	}
	tick := time.NewTicker(every / 3)
	defer tick.Stop()
	for {
		short, cancel := context.WithTimeout(ctx, every/3)
		if err := db.Ping(short); err == nil {
			notifySystemd(log, daemon.SdNotifyWatchdog)
		} else if ctx.Err() == nil {
			log.Error("the database does not answer, so systemd's watchdog is not fed", "error", err)
		}
		cancel()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

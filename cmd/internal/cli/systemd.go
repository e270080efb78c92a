package cli

import (
	"context"
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"tierdesk/migrations/sqldb"
)

// notifySystemd tells systemd how the service does, if it is one (sd_notify(3)). What goes wrong
// there is logged and hurts nobody.
func notifySystemd(log *slog.Logger, state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		log.Warn("systemd cannot be told", "state", state, "error", err)
	}
}

// watchdog tells systemd that the desk lives, as often as it wants to hear it, for as long as the
// database answers.
func watchdog(ctx context.Context, db *sqldb.DB, log *slog.Logger) {
	every, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("systemd's watchdog cannot be told", "error", err)
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
			log.Error("the database does not answer: systemd's watchdog is not told that all is well", "error", err)
		}
		cancel()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

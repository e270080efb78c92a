package smtp

import (
	"context"
	"fmt"

	"tierdesk/mailout"
	"tierdesk/mailout/compose"
)

// Once sends one mail by an account of its own, bypassing the outbox. It is for alarms, which must
// leave even if the outbox is broken. It does not retry.
func Once(ctx context.Context, cfg Config, m mailout.Mail) error {
	cfg.Timeouts = cfg.Timeouts.withDefaults()
	if err := cfg.check(); err != nil {
		return err
	}
	raw, err := compose.Bytes(m, compose.Options{})
	if err != nil {
		return err
	}
	from, err := compose.Wire(m.From.Address)
	if err != nil {
		return err
	}
	to, err := compose.Wire(m.Recipient)
	if err != nil {
		return err
	}
	c, err := dial(ctx, &cfg)
	if err != nil {
		return fmt.Errorf("sending to %s: %w", m.Recipient, err)
	}
	defer c.quit()
	defer context.AfterFunc(ctx, c.close)()
	if r := c.send(from, to, raw, compose.NeedsUTF8(raw, from, to), func() bool { return true }); !r.ok() {
		return fmt.Errorf("sending to %s: %w", m.Recipient, r)
	}
	return nil
}

package smtp

import (
	"context"
	"errors"
	"fmt"

	"tierdesk/mailout"
	"tierdesk/mailout/compose"
)

// ErrReplyAddress means that a server accepts mail for an inbox but refuses the keyed addresses to
// which people reply, since it has no plus addresses or no catch-all.
var ErrReplyAddress = errors.New("the mail server refuses the addresses that replies go to")

// Verdict is a server's answer to RCPT TO for an address to which no mail was sent.
type Verdict struct {
	Address string
	Refused bool   // for good (5xx)
	Later   bool   // temporarily (4xx): nothing is known
	Answer  string // what the server said, with its code
}

// VerifyRecipients asks the server of an account by RCPT TO, without sending a mail, for which of
// the addresses it accepts mail. A server that accepts an address may still bounce a mail to it
// later; one that refuses it does not deliver to it. An error means that the server could not be
// asked.
func VerifyRecipients(ctx context.Context, cfg Config, addresses ...string) ([]Verdict, error) {
	cfg.Timeouts = cfg.Timeouts.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	from, err := compose.Wire(cfg.Address)
	if err != nil {
		return nil, err
	}
	return verify(ctx, &cfg, from, addresses)
}

func verify(ctx context.Context, cfg *Config, from string, addresses []string) ([]Verdict, error) {
	c, err := dial(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer c.quit()
	defer context.AfterFunc(ctx, c.close)()
	if err := c.command(250, "MAIL FROM:<"+from+">"); err != nil {
		return nil, answer(stageMail, 0, "", err)
	}
	out := make([]Verdict, 0, len(addresses))
	for _, address := range addresses {
		to, err := compose.Wire(address)
		if err != nil {
			return nil, err
		}
		v := Verdict{Address: address}
		if err := c.command(25, "RCPT TO:<"+to+">"); err != nil {
			r := answer(stageRcpt, 0, "", err)
			if r.broken() {
				return nil, r
			}
			v.Refused, v.Later, v.Answer = r.permanent(), !r.permanent(), r.Error()
		}
		out = append(out, v)
	}
	if err := c.command(250, "RSET"); err != nil && !isReply(err) {
		return nil, answer(stageRcpt, 0, "", err)
	}
	return out, nil
}

// CheckReplyAddress asks the outgoing server of an inbox whether it accepts mail to a keyed reply
// address of the inbox, and returns that address, "" if the inbox has none. The error wraps
// ErrReplyAddress if the server accepts mail to the inbox but not to the keyed address, so that
// every reply would bounce. Any other error means that the question could not be answered.
func (s *Sender) CheckReplyAddress(ctx context.Context, inbox string) (string, error) {
	cfg := s.config(inbox)
	if cfg == nil {
		return "", fmt.Errorf("inbox %s has no outgoing account", inbox)
	}
	if s.parts.Keys == nil {
		return "", errors.New("reply addresses need keys")
	}
	keyed := s.parts.Keys().Probe(cfg.Address, cfg.Style)
	if keyed == cfg.Address {
		return "", nil
	}
	from, err := s.envelope(cfg, mailout.Mail{Party: mailout.Admin, Recipient: cfg.Address})
	if err != nil {
		return keyed, err
	}
	verdicts, err := verify(ctx, cfg, from, []string{cfg.Address, keyed})
	if err != nil {
		return keyed, fmt.Errorf("asking whether %s takes mail: %w", keyed, err)
	}
	plain, reply := verdicts[0], verdicts[1]
	switch {
	case reply.Answer == "":
		return keyed, nil
	case plain.Refused || !reply.Refused:
		return keyed, fmt.Errorf("it is not known whether %s takes mail: %s", keyed, reply.Answer)
	}
	return keyed, fmt.Errorf("%w: %s: %s", ErrReplyAddress, keyed, reply.Answer)
}

// config returns the account of an inbox, nil if it has none.
func (s *Sender) config(inbox string) *Config {
	for _, a := range s.accounts {
		if cfg := a.configs[inbox]; cfg != nil {
			return cfg
		}
	}
	return nil
}

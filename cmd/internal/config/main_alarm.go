package config

import (
	"time"

	"tierdesk/rules/fault"
)

// Alarm is a second way to reach the admin when mail itself is broken. Without Command and Mail
// there is no alarm.
type Alarm struct {
	Command []string      // program and arguments; the message comes on its standard input
	Mail    *Outgoing     // a second account; the alarm goes to To
	To      string        // address
	After   time.Duration // how long mail must have been broken
}

// Canary configures the mails of the desk to itself. If Every is 0 there are none.
type Canary struct {
	Every  time.Duration
	Within time.Duration // the time within which it must come back
}

type alarmBlock struct {
	position
	Command command         `yaml:"command" eg:"/usr/local/bin/page-me" doc:"A command that gets the message on standard input. A text is run by the shell; a list is a program and its arguments."`
	Mail    *alarmMailBlock `yaml:"mail" doc:"A second mail account, ideally with another provider."`
	After   duration        `yaml:"after" default:"5m" eg:"5m" doc:"How long mail must be broken before the alarm."`
}

type alarmMailBlock struct {
	position
	To   address `yaml:"to" jsonschema:"required" eg:"it@elsewhere.example" doc:"Where the alarm goes."`
	SMTP server  `yaml:"smtp" jsonschema:"required" eg:"smtps://smtp.elsewhere.example" doc:"The second account's server."`
	User text    `yaml:"user" eg:"alarm@elsewhere.example" doc:"Leave it out to send without logging in."`
	secretKeys
}

type canaryBlock struct {
	position
	Every  duration `yaml:"every" default:"5m" eg:"5m" doc:"How often; at least 1m."`
	Within duration `yaml:"within" default:"10m" eg:"10m" doc:"How soon it must be back; otherwise the alarm is raised at once."`
}

func (b *alarmBlock) build(dir, domain string, faults, warnings *fault.List) Alarm {
	a := Alarm{Command: b.Command.argv, After: b.After.or(5 * time.Minute)}
	if !b.Command.given() && b.Mail == nil {
		faults.Add(b.At, "for example command: /usr/local/bin/page-me", `an alarm needs "command" or "mail"`)
	}
	if m := b.Mail; m != nil {
		a.To = m.To.s
		a.Mail = &Outgoing{Server: m.SMTP.Server, User: m.User.s, Envelope: "address", Connections: 1, Hello: domain}
		unprotected(m.SMTP, warnings)
		a.Mail.Password = m.secretKeys.build("password", dir, m.User.given(), m.At, faults, warnings)
	}
	return a
}

func (b *canaryBlock) build(alarm bool, faults, warnings *fault.List) Canary {
	for _, d := range []duration{b.Every, b.Within} {
		if d.given() && d.d < time.Minute {
			faults.Add(d.at, "at least 1m", "%s is too short for mail", d.d)
		}
	}
	if !alarm {
		warnings.Add(b.At, "alarm: {command: ...}", "when no mail comes through, only the log can tell of it: there is no alarm")
	}
	return Canary{Every: b.Every.or(5 * time.Minute), Within: b.Within.or(10 * time.Minute)}
}

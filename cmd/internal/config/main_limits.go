package config

import (
	"time"

	"tierdesk/rules/fault"
)

// Keep is how long data is kept; 0 is for ever.
type Keep struct {
	Raw time.Duration // raw mails
}

// Limits bound the work that a stranger can cause.
type Limits struct {
	MailSize          int64 // octets; of a larger mail the beginning goes to quarantine
	AnswersPerAddress Rate  // automatic mails to one address outside
}

type keepBlock struct {
	Raw duration `yaml:"raw" default:"0" eg:"400d" doc:"How long to keep the original mails, compressed. 0 keeps them for ever."`
}

type limitsBlock struct {
	MailSize          size `yaml:"mail_size" default:"25MB" eg:"25MB" doc:"Larger mails go to quarantine; only their beginning is kept."`
	AnswersPerAddress rate `yaml:"answers_per_address" default:"3/h" eg:"3/h" doc:"At most this many automatic mails to one address within any hour, and no more than that within any day: acknowledgements, news of a ticket, forms that a rule sends, all that no person wrote. A known customer gets three times as many. What goes beyond is not sent, not later either; the mail that caused it becomes a ticket as usual, and explain says why nothing was answered. 3/h and 3/day are the same."`
}

func (b *limitsBlock) build(faults *fault.List) Limits {
	l := Limits{MailSize: 25 << 20, AnswersPerAddress: Rate{3, time.Hour}}
	if s := b.MailSize; s.at.Line != 0 {
		l.MailSize = s.n
	}
	if a := b.AnswersPerAddress; a.at.Line != 0 {
		l.AnswersPerAddress = a.Rate
		if a.Per < time.Hour {
			faults.Add(a.at, "like 3/day", "automatic mails are counted by the hour and by the day")
		}
	}
	return l
}

package config

import "time"

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
	AnswersPerAddress rate `yaml:"answers_per_address" default:"3/h" eg:"3/h" doc:"At most this many automatic mails within an hour, and within a day, to an address that is not known here; three times as many to a known customer. Answers of people are not counted."`
}

func (b *limitsBlock) build() Limits {
	l := Limits{MailSize: 25 << 20, AnswersPerAddress: Rate{3, time.Hour}}
	if s := b.MailSize; s.at.Line != 0 {
		l.MailSize = s.n
	}
	if a := b.AnswersPerAddress; a.at.Line != 0 {
		l.AnswersPerAddress = a.Rate
	}
	return l
}

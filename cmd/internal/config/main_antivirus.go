package config

import (
	"net"
	"strconv"
	"strings"
	"time"

	"tierdesk/rules/fault"
)

// Antivirus is a clamd that scans each mail.
type Antivirus struct {
	Network, Address string        // for net.Dial: unix and a path, or tcp and HOST:PORT
	Timeout          time.Duration // for one mail
	Quarantine       bool          // mails stay in quarantine until they can be scanned
}

type antivirusBlock struct {
	position
	Clamd     text     `yaml:"clamd" jsonschema:"required" eg:"/run/clamav/clamd.ctl" doc:"Where clamd listens: the path of its socket, or HOST:PORT. StreamMaxLength in clamd.conf must be at least limits: mail_size."`
	Unscanned text     `yaml:"unscanned" jsonschema:"enum=accept,enum=quarantine" default:"accept" eg:"quarantine" doc:"What becomes of a mail while clamd cannot be reached, or if it cannot scan the mail: accept (it is taken in, and agents are told that its attachments were not scanned) or quarantine (it waits there, and is scanned and let in by itself once clamd is back). In both cases the admin is told."`
	Timeout   duration `yaml:"timeout" default:"30s" eg:"30s" doc:"The longest that clamd may take for one mail."`
}

func (b *antivirusBlock) build(dir string, faults, warnings *fault.List) Antivirus {
	a := Antivirus{Timeout: b.Timeout.or(30 * time.Second), Quarantine: b.Unscanned.s == "quarantine"}
	if t := b.Timeout; t.given() && (t.d < time.Second || t.d > 2*time.Minute) {
		faults.Add(t.at, "from 1s to 2m", "a mail cannot wait %s for clamd", t.d)
	}
	v := b.Clamd
	if !v.given() {
		return a
	}
	path, unix := strings.CutPrefix(v.s, "unix:")
	if unix || strings.Contains(v.s, "/") {
		a.Network, a.Address = "unix", absolute(dir, path)
		return a
	}
	host, port, err := net.SplitHostPort(v.s)
	if n, err2 := strconv.Atoi(port); err != nil || err2 != nil || n < 1 || n > 65535 || host == "" {
		faults.Add(v.at, "like /run/clamav/clamd.ctl or 127.0.0.1:3310", "%q is neither the path of a socket nor HOST:PORT", v.s)
		return a
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		warnings.Add(v.at, "a clamd on this machine", "all mails go to %s for all to read on the way", host)
	}
	a.Network, a.Address = "tcp", v.s
	return a
}

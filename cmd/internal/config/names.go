package config

import (
	"regexp"
	"time"

	"tierdesk/rules/fault"
)

var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

// checkName reports a name that could not be typed in a command or stored as one word.
func checkName(name text, what string, faults *fault.List) {
	if !namePattern.MatchString(name.s) {
		faults.Add(name.at, "letters, digits, and . _ - between them; at most 40", "%q cannot be the name of %s", name.s, what)
	}
}

var languagePattern = regexp.MustCompile(`^[a-z]{2}(-[A-Za-z]{2})?$`)

func language(t text, faults *fault.List) string {
	if !languagePattern.MatchString(t.s) {
		faults.Add(t.at, "two letters, like en or de", "%q is not a language", t.s)
		return ""
	}
	return t.s
}

func zone(t text, faults *fault.List) *time.Location {
	loc, err := time.LoadLocation(t.s)
	if err != nil || t.s == "Local" {
		faults.Add(t.at, "like Europe/Berlin or UTC", "there is no time zone %q", t.s)
		return time.UTC
	}
	return loc
}

package sla

import (
	_ "embed" // for the list
	"strings"
	"time"
)

// zoneList holds the names of time zones in Microsoft's programs, each with its IANA name.
//
//go:embed zones.txt
var zoneList string

// ianaZone returns the IANA name of a time zone named by a calendar: Microsoft's programs have
// names of their own, and others add a path in front of the name. An unknown name is returned
// unchanged.
func ianaZone(name string) string {
	name = strings.TrimSpace(name)
	if _, err := time.LoadLocation(name); err == nil {
		return name
	}
	for line := range strings.Lines(zoneList) {
		if theirs, iana, found := strings.Cut(strings.TrimSpace(line), ": "); found && strings.EqualFold(theirs, name) {
			return iana
		}
	}
	// "/freeassociation.sourceforge.net/Europe/Berlin"
	for rest := strings.TrimPrefix(name, "/"); strings.Contains(rest, "/"); {
		if _, err := time.LoadLocation(rest); err == nil {
			return rest
		}
		_, rest, _ = strings.Cut(rest, "/")
	}
	return name
}

package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads a duration as admins write it: what time.ParseDuration accepts, and days
// ("2d", "1d12h"). A negative duration is an error.
func ParseDuration(text string) (time.Duration, error) {
	rest, total := strings.TrimSpace(text), time.Duration(0)
	if days, behind, ok := strings.Cut(rest, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 36500 {
			return 0, fmt.Errorf("%q is not a length of time", text)
		}
		total, rest = time.Duration(n)*24*time.Hour, behind
		if rest == "" {
			return total, nil
		}
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 || strings.ContainsAny(rest, "+-") {
		return 0, fmt.Errorf("%q is not a length of time", text)
	}
	return total + d, nil
}

// noReply begins the most readable form of a rule that waits for the customer.
const noReply = "no customer reply for "

// ParseAfter reads the "after:" of a rule that runs after a time: "2h since customer", "no customer
// reply for 5d".
func ParseAfter(text string) (time.Duration, Since, error) {
	if length, found := strings.CutPrefix(strings.Join(strings.Fields(text), " "), noReply); found {
		d, err := ParseDuration(length)
		return d, SinceWaiting, err
	}
	length, what, ok := strings.Cut(text, " since ")
	if !ok {
		return 0, "", fmt.Errorf("%q does not say since when", text)
	}
	d, err := ParseDuration(length)
	if err != nil {
		return 0, "", err
	}
	since := Since(strings.TrimSpace(what))
	if slices.Contains(Sinces(), since) {
		return d, since, nil
	}
	return 0, "", fmt.Errorf("%q is nothing that a rule can count from: opened, customer, agent, updated or waiting", what)
}

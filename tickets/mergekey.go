package tickets

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// MergeKey says where a mail of monitoring names the incident or object it is about: `header
// X-Incident-Id`, or `subject: ` and a regular expression whose first group, or whole match, is the
// name.
type MergeKey struct {
	header  string
	subject *regexp.Regexp
}

// ParseMergeKey parses a MergeKey as written in rules.
func ParseMergeKey(s string) (MergeKey, error) {
	s = strings.TrimSpace(s)
	if name, found := strings.CutPrefix(s, "header "); found {
		name = strings.TrimSuffix(strings.TrimSpace(name), ":")
		if name == "" || strings.ContainsAny(name, " :\t") {
			return MergeKey{}, fmt.Errorf("%q is not a header name", name)
		}
		return MergeKey{header: name}, nil
	}
	pattern, found := strings.CutPrefix(s, "subject:")
	if !found {
		return MergeKey{}, errors.New(`it begins with "header NAME" or "subject: PATTERN"`)
	}
	re, err := regexp.Compile(strings.TrimSpace(pattern))
	if err != nil {
		return MergeKey{}, err
	}
	return MergeKey{subject: re}, nil
}

// Of returns the name in a mail, "" for none. header returns the values of a header field.
func (k MergeKey) Of(subject string, header func(name string) []string) string {
	name := ""
	if k.subject != nil {
		if found := k.subject.FindStringSubmatch(subject); found != nil {
			if name = found[0]; len(found) > 1 {
				name = found[1]
			}
		}
	} else if values := header(k.header); len(values) > 0 {
		name = values[0]
	}
	if name = strings.Join(strings.Fields(strings.ToLower(name)), " "); len(name) > 300 {
		return ""
	}
	return name
}

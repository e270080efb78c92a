package number

import (
	"strings"

	"tierdesk/tickets/answers/lexicon"
)

// WithoutGroups returns a text without the numbers of something that are written in groups: what
// stands in them counts nothing.
func WithoutGroups(text string) string {
	fields := strings.Fields(text)
	var out []string
	for k := 0; k < len(fields); k++ {
		n := Groups(fields[k:])
		if n < 2 || strings.Trim(strings.Join(fields[k:k+n], ""), "0123456789"+TrimmedOff) == "" {
			out = append(out, fields[k])
			continue
		}
		end := fields[k+n-1]
		out = append(out, "_"+end[len(strings.TrimRight(end, TrimmedOff)):])
		k += n - 1
	}
	return strings.Join(out, " ")
}

// Groups returns how many of the first words are the groups of one number of something, with
// nothing but blanks between: "MT 55 0912", "TF 99 1203 55 DE".
func Groups(fields []string) int {
	n, digits, all := 0, 0, 0
	for ; n < len(fields); n++ {
		f := strings.TrimLeft(fields[n], `("'„“#`)
		if n > 0 && f != fields[n] {
			break
		}
		bare := strings.TrimRight(f, TrimmedOff)
		if !codeGroup().MatchString(bare) || strings.Trim(bare, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" &&
			(lexicon.Has("codeword", lexicon.Plain(bare)) || n == 0 && lexicon.Has("stop", lexicon.Plain(bare))) {
			break
		}
		for _, r := range bare {
			if r >= '0' && r <= '9' {
				digits++
			}
		}
		if all++; bare != f {
			n++
			break
		}
	}
	if digits < MinDigits || all < 2 || !lexicon.HasDigit(strings.Join(fields[:min(n, 2)], "")) {
		return 0
	}
	return n
}

// codeGroup finds a group of a number of something: digits, or capitals with or without them.
var codeGroup = lexicon.Pattern(`^(?:\d[\dA-Z/-]*|[A-Z]{1,3}|[A-Z]{1,3}[\dA-Z/-]*\d[\dA-Z/-]*)$`)

// TrimmedOff are the signs that stand around a number of something.
const TrimmedOff = `().,;:!?"'„“”#`

const MinDigits = 4 // of a number of something that has no letters

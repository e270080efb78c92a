package clause

import (
	"strings"

	"tierdesk/tickets/answers/lexicon"
)

// Greets reports whether a line is a greeting and nothing else: "Hello Ann,".
func Greets(text string) bool {
	ws := lexicon.Words(text)
	if len(ws) == 0 || len(ws) > 6 || strings.Contains(text, ":") {
		return false
	}
	for n := min(len(ws), 3); n > 0; n-- {
		if lexicon.Has("greeting", strings.Join(ws[:n], " ")) {
			return true
		}
	}
	return false
}

// Closes reports whether a line is what people write at the end: "Best regards", "Danke, Max".
func Closes(text string) bool {
	ws := lexicon.Words(text)
	if len(ws) == 0 || len(ws) > 9 {
		return text == "--" || text == "-- "
	}
	for n := min(len(ws), 4); n > 0; n-- {
		if lexicon.Has("closing", strings.Join(ws[:n], " ")) {
			return true
		}
	}
	return len(ws) <= maxRegards && !lexicon.HasDigit(text) && lexicon.HasAny(ws, "regards")
}

// maxRegards is how many words a line has that closes a mail with regards of any kind.
const maxRegards = 4

// IsAttribution reports whether a line says who wrote what is quoted below it.
func IsAttribution(text string) bool {
	return strings.Contains(text, "@") && strings.HasSuffix(text, ":") && len(strings.Fields(text)) > 3
}

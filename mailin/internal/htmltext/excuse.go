package htmltext

import (
	"strings"

	"tierdesk/mailin/internal/late"
)

// IsExcuse reports whether a text says only that the reader's mail program cannot show HTML. Some
// programs put that in the plain text part.
func IsExcuse(text string) bool {
	return len(text) < 500 && strings.Contains(strings.ToLower(text), "html") && noHTML.MatchString(text)
}

var noHTML = late.Compile(`(?i)(?:(?:mail|e-?mail|message|mail program|client|reader|software|browser)\b[^.\n]{0,80}(?:cannot|can ?not|can['’]t|unable|does ?n[o'’]t|is not|not)[^.\n]{0,40}(?:show|display|support|view|read|render)|(?:please |you need )[^.\n]{0,60}html[^.\n]{0,40}(?:mail|client|reader|program|view)|(?:to view|to read|to see)[^.\n]{0,60}html|(?:mail|message)\b[^.\n]{0,30}(?:requires|needs|best (?:viewed|read))[^.\n]{0,20}\bhtml|(?:programm|client|mailprogramm)[^.\n]{0,60}(?:kein|nicht)[^.\n]{0,40}(?:html|unterstützt|darstell|anzeig)|html[^.\n]{0,60}(?:nicht unterstützt|nicht (?:darstell|anzeig))|(?:messagerie|logiciel|client)[^.\n]{0,60}(?:ne |pas )[^.\n]{0,60}html|(?:programa|cliente)[^.\n]{0,60}(?:no|não) [^.\n]{0,40}html|(?:programma|client)[^.\n]{0,60}(?:non|niet|geen) [^.\n]{0,40}html|html[^.\n]{0,40}(?:niet|geen) )`)

package read

import (
	"strings"

	"tierdesk/mailin"
	"tierdesk/mailin/thread"
)

// forward returns how a mail passes another on. A subject alone is not enough: the tickets of
// forwarded mails have such subjects for ever, and their answers are answers.
func forward(m *mailin.Message) mailin.Forward {
	switch {
	case m.Forwarded != "":
		return mailin.ForwardInline
	case m.Report == nil && enclosesMail(m):
		return mailin.ForwardAttached
	case thread.IsForward(m.Subject) && (m.Quote != "" || m.NothingNew):
		return mailin.ForwardSubject
	}
	return ""
}

// enclosesMail reports whether a whole mail is attached.
func enclosesMail(m *mailin.Message) bool {
	for _, a := range m.Attachments {
		if a.ContentType == "message/rfc822" || a.ContentType == "message/global" || strings.HasSuffix(strings.ToLower(a.Name), ".eml") {
			return true
		}
	}
	return false
}

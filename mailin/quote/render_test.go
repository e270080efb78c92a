package quote

import "tierdesk/mailin/internal/htmltext"

func renderForTest(doc string) string { return htmltext.Text(doc) }

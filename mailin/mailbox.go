package mailin

import "strings"

// Mailbox returns the key by which mails to or from one mailbox are counted together: the domain, a
// blank and the local part in lower case, without a sub-address (user+x@domain, RFC 5233) and, at
// Gmail, without dots. Of the address it tells no more than that two lead to one mailbox.
func Mailbox(address string) string {
	address = Fold(address)
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	local, domain := address[:at], strings.TrimSuffix(address[at+1:], ".")
	if len(local) > 1 && local[0] == '"' && local[len(local)-1] == '"' {
		local = local[1 : len(local)-1]
	}
	if plus := strings.IndexByte(local, '+'); plus > 0 {
		local = local[:plus]
	}
	if domain == "googlemail.com" {
		domain = "gmail.com"
	}
	if bare := strings.ReplaceAll(local, ".", ""); domain == "gmail.com" && bare != "" {
		local = bare
	}
	return domain + " " + local
}

// MailboxesAt returns between which keys, the second one excluded, those of all mailboxes at a
// domain lie: each begins with the domain and a blank, behind which comes "!".
func MailboxesAt(domain string) (from, to string) {
	domain = strings.TrimSuffix(Fold(domain), ".")
	if domain == "googlemail.com" {
		domain = "gmail.com"
	}
	return domain + " ", domain + "!"
}

// SubAddressed reports whether an address is one of many by which a mailbox can be written to.
func SubAddressed(address string) bool {
	local, domain, _ := strings.Cut(Fold(address), "@")
	return Mailbox(address) != domain+" "+local
}

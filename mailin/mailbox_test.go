package mailin

import "testing"

func TestMailbox(t *testing.T) {
	for address, want := range map[string]string{
		"max@customer.example": "customer.example max", "Max+one@Customer.Example": "customer.example max", "max+a+b@customer.example": "customer.example max",
		`"max+a"@customer.example`: "customer.example max", " max@customer.example. ": "customer.example max", "+x@customer.example": "customer.example +x", "max-a@customer.example": "customer.example max-a",
		"m.a.x@customer.example": "customer.example m.a.x", "m.a.x+y@gmail.com": "gmail.com max", "max@googlemail.com": "gmail.com max", `"a b"@customer.example`: "customer.example a b", "max": "max",
	} {
		if got := Mailbox(address); got != want {
			t.Errorf("%q: %q, not %q", address, got, want)
		}
	}
}

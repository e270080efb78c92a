package classify

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"tierdesk/mailin"
	"tierdesk/mailin/parse"
)

var trusted = Trust{AuthservIDs: []string{"mx.desk.example"}, ReceivedBy: []string{"mx.desk.example", "store.desk.example"}, Forwarders: []string{"lists.example"}}

// judged reads a mail as the desk does, and checks it.
func judged(t *testing.T, raw string, trust Trust, r Resolver) (mailin.Auth, error) {
	t.Helper()
	m := parse.Parse([]byte(raw), parse.Limits{})
	m.Auth = AuthResults(m, trust)
	a, err := Verifier{Resolver: r, Trust: trust}.Verify(context.Background(), []byte(raw), m)
	if len(a.Reasons) == 0 {
		t.Errorf("a verdict without a reason: %+v", a)
	}
	return a, err
}

const message = "From: Jane <jane@gold.example>\r\nTo: support@desk.example\r\nSubject: Printer\r\n\r\nIt jams.\r\n"

// What SPF says counts only where our own servers have written down who handed the mail to them.
func TestSPFAndDMARC(t *testing.T) {
	t.Parallel()
	const (
		here      = "Received: from out.gold.example (out.gold.example [192.0.2.1]) by mx.desk.example (Postfix) with ESMTPS id 1 for <support@desk.example>; Mon, 2 Nov 2026 09:00:00 +0000\r\n"
		elsewhere = "Received: from out.gold.example (evil.example [198.51.100.9]) by mx.desk.example with ESMTP id 1; Mon, 2 Nov 2026 09:00:00 +0000\r\n"
		stored    = "Received: from mx.desk.example by store.desk.example with LMTP id 2; Mon, 2 Nov 2026 09:00:01 +0000\r\n"
		filtered  = "Received: from localhost (localhost [127.0.0.1]) by mx.desk.example with ESMTP id 2; Mon, 2 Nov 2026 09:00:01 +0000\r\n"
		path      = "Return-Path: <jane@gold.example>\r\n"
	)
	answers := dns{
		txt: map[string]string{"gold.example": "v=spf1 ip4:192.0.2.0/28 a:web.gold.example -all", "news.gold.example": "v=spf1 ip4:192.0.2.1 -all", "evil.example": "v=spf1 ip4:198.51.100.9 -all",
			"_dmarc.gold.example": "v=DMARC1; p=reject; sp=none"},
		a: map[string]string{"web.gold.example": "192.0.2.77"},
	}
	with := func(name, value string) dns {
		d := dns{txt: map[string]string{}, a: answers.a}
		for k, v := range answers.txt {
			d.txt[k] = v
		}
		d.txt[name] = value
		return d
	}
	for _, c := range []struct {
		why, head string
		dns       dns
		want      mailin.Verdict
		spf       string
	}{
		{"from a machine of the domain", path + here, answers, mailin.VerdictPass, "pass"},
		{"handed on inside", path + stored + filtered + here, answers, mailin.VerdictPass, "pass"},
		{"by a name that stands in the domain's list", path + strings.Replace(here, "192.0.2.1]", "192.0.2.77]", 1), answers, mailin.VerdictPass, "pass"},
		{"from elsewhere", path + elsewhere, answers, mailin.VerdictFail, "fail"},
		{"a forged line below", path + elsewhere + here, answers, mailin.VerdictFail, "fail"},
		{"a forged line alone: the server is another", path + "Received: from x (x [198.51.100.9]) by other.example with ESMTP; x\r\n" + here, answers, mailin.VerdictNone, ""},
		{"a forged Return-Path below", "Return-Path: <x@evil.example>\r\n" + elsewhere + path, answers, mailin.VerdictFail, "pass"},
		{"no Return-Path on top", here + path, answers, mailin.VerdictNone, ""},
		{"a greeting that looks like an address", path + "Received: from [192.0.2.1] (evil.example [198.51.100.9]) by mx.desk.example with ESMTP; x\r\n", answers, mailin.VerdictNone, ""},
		{"a greeting that looks like a line", path + "Received: from x([192.0.2.1])by (evil.example [198.51.100.9]) by mx.desk.example with ESMTP; x\r\n", answers, mailin.VerdictNone, ""},
		{"submitted with a login", path + strings.Replace(here, "ESMTPS", "ESMTPSA", 1), answers, mailin.VerdictNone, ""},
		{"from inside", path + strings.Replace(here, "192.0.2.1]", "10.0.0.1]", 1), answers, mailin.VerdictNone, ""},
		{"the envelope of another domain", "Return-Path: <x@evil.example>\r\n" + elsewhere, answers, mailin.VerdictFail, "pass"},
		{"the null sender", "Return-Path: <>\r\n" + strings.Replace(here, "from out.gold.example", "from news.gold.example", 1), answers, mailin.VerdictPass, "pass"},
		{"relaxed alignment", "Return-Path: <x@news.gold.example>\r\n" + here, answers, mailin.VerdictPass, "pass"},
		{"strict alignment", "Return-Path: <x@news.gold.example>\r\n" + here, with("_dmarc.gold.example", "v=DMARC1; p=reject; aspf=s"), mailin.VerdictFail, "pass"},
		{"the owner asks for nothing", path + elsewhere, with("_dmarc.gold.example", "v=DMARC1; p=none"), mailin.VerdictNone, "fail"},
		{"no DMARC record: SPF alone proves no From", path + here, with("_dmarc.gold.example", "nothing"), mailin.VerdictNone, "pass"},
		{"recorded by our server", path + "Received-SPF: Pass (mx.desk.example: x) client-ip=192.0.2.1; envelope-from=\"jane@gold.example\"; helo=x;\r\n" + elsewhere, answers, mailin.VerdictPass, "pass"},
		{"recorded by somebody else", path + elsewhere + "Received-SPF: Pass (mx.desk.example: x) client-ip=192.0.2.1; envelope-from=\"jane@gold.example\"\r\n", answers, mailin.VerdictFail, "fail"},
		{"found by our server", "Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=jane@gold.example\r\n" + path + elsewhere, answers, mailin.VerdictPass, "pass"},
		{"SPF cannot be asked", path + elsewhere, with("gold.example", "temporary"), mailin.VerdictNone, "temperror"},
		{"DMARC cannot be asked", path + elsewhere, with("_dmarc.gold.example", "temporary"), mailin.VerdictNone, "fail"},
		{"nothing can be asked", path + here, dns{down: true}, mailin.VerdictNone, "temperror"},
	} {
		a, err := judged(t, c.head+message, trusted, c.dns)
		if a.Verdict != c.want || a.Methods["spf"] != c.spf {
			t.Errorf("%s: %+v", c.why, a)
		}
		if asked := strings.Contains(c.why, "asked"); (err != nil) != asked {
			t.Errorf("%s: error %v", c.why, err)
		}
	}
	// A subdomain without a record of its own: the organisation's, with its policy for those below.
	below := strings.Replace(message, "jane@gold", "jane@shop.gold", 1)
	if a, err := judged(t, path+elsewhere+below, trusted, answers); err != nil || a.Verdict != mailin.VerdictNone || !strings.Contains(strings.Join(a.Reasons, " "), "gold.example asks by DMARC: p=none") {
		t.Errorf("sp=none: %+v %v", a, err)
	}
	if a, _ := judged(t, path+elsewhere+below, trusted, with("_dmarc.gold.example", "v=DMARC1; p=quarantine")); a.Verdict != mailin.VerdictFail {
		t.Errorf("the organisation's policy: %+v", a)
	}
	// Whose Received lines count must be said.
	if a, _ := judged(t, path+elsewhere+message, Trust{}, answers); a.Verdict != mailin.VerdictNone || a.Methods["spf"] != "" {
		t.Errorf("nobody is named: %+v", a)
	}
}

// Mails that another program has sealed (testdata): a list, and a forwarder behind it.
func TestARC(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	one, two := read("arc-one.eml"), read("arc-two.eml")
	key := "v=DKIM1; k=rsa; p=" + read("arc.key")
	answers := dns{txt: map[string]string{"arc._domainkey.lists.example": key, "arc._domainkey.forward.example": key, "_dmarc.gold.example": "v=DMARC1; p=reject"}}
	list := Trust{Forwarders: []string{"lists.example"}}
	both := Trust{Forwarders: []string{"LISTS.example", "forward.example"}}
	failed := "Authentication-Results: mx.desk.example; dkim=fail header.d=gold.example; arc=%; dmarc=fail header.from=gold.example\r\n"
	own := func(t Trust) Trust { t.AuthservIDs = []string{"mx.desk.example"}; return t }
	without := func(s, from, to string) string {
		i := strings.Index(s, from)
		j := i + strings.Index(s[i:], to)
		return s[:i] + s[j:]
	}
	for _, c := range []struct {
		why, raw string
		trust    Trust
		dns      dns
		want     mailin.Verdict
		arc      string
	}{
		{"sealed by a trusted list", one, list, answers, mailin.VerdictPass, "pass"},
		{"with bare line feeds", strings.ReplaceAll(one, "\r\n", "\n"), list, answers, mailin.VerdictPass, "pass"},
		{"sealed by nobody whom we trust", one, Trust{Forwarders: []string{"other.example"}}, answers, mailin.VerdictNone, ""},
		{"nobody is trusted", one, Trust{}, answers, mailin.VerdictNone, ""},
		{"a trusted list, and another behind it", two, list, answers, mailin.VerdictNone, ""},
		{"only the last one is trusted", two, Trust{Forwarders: []string{"forward.example"}}, answers, mailin.VerdictNone, "pass"},
		{"both are trusted", two, both, answers, mailin.VerdictPass, "pass"},
		{"our server found it forged", strings.Replace(failed, "%", "none", 1) + one, own(list), answers, mailin.VerdictPass, "pass"},
		{"our server found it forged, and nobody is trusted", strings.Replace(failed, "%", "pass", 1) + one, own(Trust{}), answers, mailin.VerdictFail, "pass"},
		{"the text was changed", strings.Replace(one, "It jams", "It burns", 1), list, answers, mailin.VerdictNone, "fail"},
		{"the subject was changed", strings.Replace(one, "[printers]", "[other]", 1), list, answers, mailin.VerdictNone, "fail"},
		{"the author was changed", strings.Replace(one, "From: Jane Doe <jane@", "From: Jane Doe <boss@", 1), list, answers, mailin.VerdictNone, "fail"},
		{"a second author", strings.Replace(one, "From: ", "From: boss@gold.example\r\nFrom: ", 1), list, answers, mailin.VerdictNone, "fail"},
		{"the results were changed", strings.Replace(two, "i=1; lists.example; dkim=pass", "i=1; lists.example; dkim=none", 1), both, answers, mailin.VerdictNone, "fail"},
		{"the newest results were changed", strings.Replace(two, "i=2; forward.example; dkim=fail", "i=2; forward.example; dkim=pass", 1), both, answers, mailin.VerdictNone, "fail"},
		{"a set is missing", without(two, "ARC-Seal: i=1", "ARC-Message-Signature: i=1"), both, answers, mailin.VerdictNone, "fail"},
		{"a set stands there twice", strings.Replace(two, "ARC-Seal: i=2; cv=pass", "ARC-Seal: i=1; cv=none; d=lists.example\r\nARC-Seal: i=2; cv=pass", 1), both, answers, mailin.VerdictNone, "fail"},
		{"sealed as broken", strings.Replace(two, "cv=pass", "cv=fail", 1), both, answers, mailin.VerdictNone, "fail"},
		{"no key", one, list, dns{}, mailin.VerdictNone, "fail"},
		{"another key", one, list, dns{txt: map[string]string{"arc._domainkey.lists.example": "v=DKIM1; p="}}, mailin.VerdictNone, "fail"},
		{"the first of two seals has no key", two, both, dns{txt: map[string]string{"arc._domainkey.forward.example": key}}, mailin.VerdictNone, "fail"},
		{"the DNS is down", one, list, dns{down: true}, mailin.VerdictNone, "temperror"},
		{"the DNS is down, and our server found it forged", strings.Replace(failed, "%", "none", 1) + one, own(list), dns{down: true}, mailin.VerdictFail, "temperror"},
		{"it says nothing of this author", strings.ReplaceAll(one, "gold.example", "Gold.example"), list, answers, mailin.VerdictNone, "fail"},
	} {
		a, err := judged(t, c.raw, c.trust, c.dns)
		if a.Verdict != c.want || a.Methods["arc"] != c.arc {
			t.Errorf("%s: %+v", c.why, a)
		}
		if down := strings.Contains(c.why, "down"); (err != nil) != down {
			t.Errorf("%s: error %v", c.why, err)
		}
	}
	// Where our own server has checked the seals, nobody needs to be asked.
	m := parse.Parse([]byte(strings.Replace(failed, "%", "pass", 1)+one), parse.Limits{})
	if a := AuthResults(m, own(list)); a.Verdict != mailin.VerdictPass || !strings.Contains(a.Reasons[0], "lists.example") {
		t.Errorf("checked by our server: %+v", a)
	}
	m = parse.Parse([]byte(strings.Replace(failed, "%", "none", 1)+one), parse.Limits{})
	if a := AuthResults(m, own(list)); a.Verdict != mailin.VerdictFail || !a.Sealed {
		t.Errorf("not checked by our server: %+v", a)
	}
	if a := AuthResults(m, own(Trust{Forwarders: []string{"ists.example"}})); a.Sealed {
		t.Error("the end of a name is taken for a domain")
	}
}

// What is signed, in the forms of RFC 6376 section 3.4.
func TestCanonicalForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, simple, relaxed string }{
		{"", "\r\n", ""},
		{"\r\n\r\n", "\r\n", ""},
		{" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n"},
		{"no end", "no end\r\n", "no end\r\n"},
		{"a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n"},
		{" \r\n", " \r\n", ""},
	} {
		if got := string(canonicalBody([]byte(c.body), false)); got != c.simple {
			t.Errorf("%q simple: %q", c.body, got)
		}
		if got := string(canonicalBody([]byte(c.body), true)); got != c.relaxed {
			t.Errorf("%q relaxed: %q", c.body, got)
		}
	}
	for in, want := range map[string]string{"A: X\r\n": "a:X\r\n", "B : Y\t\r\n\tZ  \r\n": "b:Y Z\r\n"} {
		if got := string(canonicalField([]byte(in), true)); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	for in, want := range map[string]string{"S: a=1; b=xy\r\n z; bh=q\r\n": "S: a=1; b=; bh=q\r\n", "S: bh=b=; b =xy\r\n": "S: bh=b=; b =\r\n", "S: b=x; a=1\r\n": "S: b=; a=1\r\n"} {
		if got := string(withoutSignature([]byte(in))); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func FuzzARC(f *testing.F) {
	for _, name := range []string{"arc-one.eml", "arc-two.eml"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	key, err := os.ReadFile("testdata/arc.key")
	if err != nil {
		f.Fatal(err)
	}
	answers := dns{txt: map[string]string{"arc._domainkey.lists.example": "p=" + string(key), "arc._domainkey.forward.example": "p=" + string(key)}}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, _ := judged(t, string(raw), Trust{Forwarders: []string{"lists.example", "forward.example"}}, answers)
		if a.Verdict == mailin.VerdictPass && !bytes.Contains(raw, []byte("jane@gold.example")) {
			t.Errorf("proven: %+v", a)
		}
	})
}

func FuzzReceived(f *testing.F) {
	f.Add("from a (b [192.0.2.1]) by mx.desk.example (x (y)) with ESMTPS id 1; now")
	f.Add("by mx.desk.example with LMTP")
	f.Add("from [192.0.2.1] (helo=[x]) by mx")
	f.Fuzz(func(t *testing.T, v string) {
		r, ok := parseReceived(v)
		if ok && r.by == "" {
			t.Errorf("%q: %+v", v, r)
		}
		recordedSPF(v)
	})
}

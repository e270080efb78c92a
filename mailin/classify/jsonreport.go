package classify

import (
	"cmp"
	"encoding/json"
	"strings"

	"tierdesk/mailin"
)

// notification is what Amazon SES tells of a mail through SNS, which sends it on as JSON in a mail.
// The event publishing of SES calls the type another name.
type notification struct {
	NotificationType string `json:"notificationType"`
	EventType        string `json:"eventType"`
	Message          string `json:"Message"` // of SNS around it: the notification as a string
	Bounce           struct {
		BounceType string `json:"bounceType"` // Permanent, Transient, Undetermined
		SubType    string `json:"bounceSubType"`
		Recipients []struct {
			Address    string `json:"emailAddress"`
			Action     string `json:"action"`
			Status     string `json:"status"`
			Diagnostic string `json:"diagnosticCode"`
		} `json:"bouncedRecipients"`
	} `json:"bounce"`
	Delay struct {
		Recipients []struct {
			Address    string `json:"emailAddress"`
			Status     string `json:"status"`
			Diagnostic string `json:"diagnosticCode"`
		} `json:"delayedRecipients"`
	} `json:"deliveryDelay"`
	Complaint struct {
		Type       string `json:"complaintFeedbackType"`
		Recipients []struct {
			Address string `json:"emailAddress"`
		} `json:"complainedRecipients"`
	} `json:"complaint"`
	Delivery struct {
		Recipients []string `json:"recipients"`
	} `json:"delivery"`
	Reject struct {
		Reason string `json:"reason"`
	} `json:"reject"`
	Mail struct {
		MessageID   string   `json:"messageId"` // that of SES, which stands in the mail in place of ours
		Destination []string `json:"destination"`
		Headers     []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"headers"`
		Common struct {
			MessageID string `json:"messageId"`
		} `json:"commonHeaders"`
	} `json:"mail"`
}

// statusOfSubType are the statuses (RFC 3463) of what SES calls the kind of a bounce, for one that
// is permanent.
var statusOfSubType = map[string]string{"NoEmail": "5.1.1", "MailboxFull": "5.2.2", "MessageTooLarge": "5.3.4",
	"ContentRejected": "5.7.1", "AttachmentRejected": "5.7.1"}

// reportInJSON reads the report that stands as JSON at the front of a mail's text, nil if none
// does.
func reportInJSON(m *mailin.Message) *mailin.Report {
	text := strings.TrimSpace(head(m.Text, 256<<10))
	if !strings.HasPrefix(text, "{") || !strings.Contains(text, "otificationType") && !strings.Contains(text, "eventType") {
		return nil
	}
	n, ok := decodeNotification(text)
	if ok && n.Message != "" {
		n, ok = decodeNotification(n.Message)
	}
	if !ok {
		return nil
	}
	rep := n.report()
	if rep == nil {
		return nil
	}
	for _, f := range n.Mail.Headers {
		rep.OriginalHeader = append(rep.OriginalHeader, mailin.Field{Key: oneLine(f.Name), Value: oneLine(f.Value)})
	}
	rep.OriginalMessageID = cmp.Or(firstID(strings.TrimLeft(rep.OriginalHeader.Get("Message-ID"), "< ")),
		firstID(strings.TrimLeft(oneLine(n.Mail.Common.MessageID), "< ")), oneLine(n.Mail.MessageID))
	return rep
}

func decodeNotification(s string) (n notification, ok bool) {
	err := json.NewDecoder(strings.NewReader(s)).Decode(&n) // SNS writes how to unsubscribe behind it
	return n, err == nil
}

// oneLine takes control characters out of what JSON may hold: what parse cleans came before.
func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return -1
		}
		return c
	}, s)
}

// report returns what the notification says, nil for one that says nothing of a delivery.
func (n *notification) report() *mailin.Report {
	rep := &mailin.Report{Kind: mailin.ReportDelivery}
	add := func(address, action, status, diagnostic string) {
		r := mailin.ReportRecipient{Address: addressIn(address), Action: action,
			Diagnostic: oneLine(head(withoutType(diagnostic), 1000)), Status: firstGroup(enhancedStatus, status)}
		r.Final = r.Address
		reason, known := cause(r.Diagnostic)
		if r.Status == "" {
			r.Status = statusOf(cmp.Or(known, statusOfSubType[n.Bounce.SubType]), firstGroup(replyCode, " "+r.Diagnostic),
				action == "delayed" || n.Bounce.BounceType == "Transient")
		}
		r.Permanent = action == "failed" && strings.HasPrefix(r.Status, "5")
		rep.Recipients = append(rep.Recipients, r)
		rep.Reason = cmp.Or(rep.Reason, causeOf(r.Status), reason)
		rep.Diagnostic = cmp.Or(rep.Diagnostic, r.Diagnostic)
	}
	switch cmp.Or(n.NotificationType, n.EventType) {
	case "Bounce":
		for _, r := range n.Bounce.Recipients {
			add(r.Address, "failed", r.Status, r.Diagnostic)
		}
	case "DeliveryDelay":
		for _, r := range n.Delay.Recipients {
			add(r.Address, "delayed", r.Status, r.Diagnostic)
		}
	case "Reject": // before it left: SES found a virus
		for _, a := range n.Mail.Destination {
			add(a, "failed", " 5.7.1", n.Reject.Reason)
		}
	case "Delivery":
		for _, a := range n.Delivery.Recipients {
			add(a, "delivered", " 2.0.0", "")
			rep.Recipients[len(rep.Recipients)-1].Status = "2.0.0"
		}
		rep.Reason = ""
	case "Complaint":
		rep.Kind, rep.Reason = mailin.ReportFeedback, oneLine(n.Complaint.Type)
		for _, r := range n.Complaint.Recipients {
			rep.Recipients = append(rep.Recipients, mailin.ReportRecipient{Address: oneLine(r.Address), Action: "complaint"})
		}
	}
	if len(rep.Recipients) == 0 {
		return nil
	}
	return rep
}

// addressIn returns the address in what SES calls one: it may be as To names it, "Joe
// <joe@x.example>".
func addressIn(s string) string { return cmp.Or(anyAddress.FindString(s), oneLine(s)) }

// withoutType takes the type off a diagnostic: "smtp; 550 5.1.1 ...".
func withoutType(diagnostic string) string {
	if t, rest, ok := strings.Cut(diagnostic, ";"); ok && len(t) < 20 {
		return strings.TrimSpace(rest)
	}
	return diagnostic
}
